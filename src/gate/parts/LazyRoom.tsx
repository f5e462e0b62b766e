// Loads the visitors' room when it is opened for the first time: most passages never need it. Painted by GateScreen.
import { Component, type ComponentType } from 'preact';
import { t } from '../../i18n/texts.ts';
import { Panel } from '../panels/Panel.tsx';
import type { RoomProps } from '../visitors/room-types.ts';

export class LazyRoom extends Component<RoomProps, { Room: ComponentType<RoomProps> | null; failed: string }> {
  override state: { Room: ComponentType<RoomProps> | null; failed: string } = { Room: null, failed: '' };

  override componentDidMount() {
    import('../visitors/visitors.tsx').then(
      ({ Room }) => this.setState({ Room }),
      (error: unknown) => this.setState({ failed: String(error) }),
    );
  }

  override render(props: RoomProps, { Room, failed }: { Room: ComponentType<RoomProps> | null; failed: string }) {
    if (Room !== null) return <Room {...props} />;
    return (
      <Panel title={t('act.guests')} testId="room-loading" onClose={props.onClose}>
        <p class="title">{failed === '' ? t('act.loading') : t('start.failed', { reason: failed })}</p>
      </Panel>
    );
  }
}
