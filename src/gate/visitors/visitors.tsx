// The room for people whom a card does not settle. Loaded by parts/LazyRoom when it is opened for the first time.
import { Component } from 'preact';
import { visitorTexts } from '../../i18n/visitors.ts';
import type { RoomView } from '../model.ts';
import { PanelHead } from '../panels/Panel.tsx';
import { DecideForm } from './DecideForm.tsx';
import { FindPad } from './FindPad.tsx';
import { createGuestDesk } from './guest-desk.ts';
import { Menu } from './Menu.tsx';
import type { PartProps, RoomProps } from './room-types.ts';
import { Slip } from './Slip.tsx';
import { type Step, VisitorForm } from './VisitorForm.tsx';

const { t } = visitorTexts;
const before: Record<Step, Step | null> = {
  name: null,
  phone: 'name',
  host: 'phone',
  find: 'host',
  approve: 'host',
  sign: 'approve',
};

type State = { view: RoomView; visitor: string | null; step: Step };

export class Room extends Component<RoomProps, State> {
  override state: State = { view: this.props.view, visitor: null, step: 'name' };
  private guests = this.props.controller.guests(createGuestDesk);

  override componentDidMount() {
    if (this.props.view === 'visitor') this.open('visitor');
  }

  /** A visitor is measured from the moment the form is opened. */
  private open = (view: RoomView) => {
    const { station, card } = this.props;
    const isOpen = station.state().campus === 'open';
    this.setState({ view, visitor: view === 'visitor' && isOpen ? this.guests.startVisitor(card) : null });
  };

  private back = () => {
    const { view, step } = this.state;
    const earlier = view === 'visitor' ? before[step] : null;
    if (earlier === null) this.props.onClose();
    else this.setState({ step: earlier });
  };

  private paint(props: PartProps, { view, visitor, step }: State) {
    const { guests, station, card, onClose } = props;
    switch (view) {
      case 'menu':
        return <Menu {...props} onView={this.open} />;
      case 'find':
        return (
          <FindPad
            find={station.find}
            onPick={({ personId }) => {
              guests.startPerson(personId, card);
              onClose();
            }}
          />
        );
      case 'visitor':
        if (station.state().campus === 'closed') {
          return (
            <>
              <p class="title" data-testid="no-visitors">
                {t('closed')}
              </p>
              <p class="line">{t('closed-do')}</p>
            </>
          );
        }
        return visitor === null ? null : (
          <VisitorForm {...props} visitor={visitor} step={step} onStep={(next) => this.setState({ step: next })} />
        );
      case 'decide':
        return card === null ? <p class="title">{t('over')}</p> : <DecideForm {...props} held={card} />;
      case 'slip':
        return <Slip {...props} />;
      default:
        return view satisfies never;
    }
  }

  override render(props: RoomProps, state: State) {
    return (
      <section class="panel room" data-testid="room" data-view={state.view} aria-label={t(state.view)}>
        <PanelHead title={t(state.view)} onClose={this.back} />
        {this.paint({ ...props, guests: this.guests }, state)}
      </section>
    );
  }
}
