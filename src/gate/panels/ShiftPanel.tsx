// Who stands at the two posts: sign in with card (or name) and PIN, hand over from one to the next, sign out. Painted by GateScreen,
// also before anything that needs a named person.
import { Component } from 'preact';
import { type Roster, rosters } from '../../domain/shift.ts';
import { langTag, language } from '../../i18n/define.ts';
import { t } from '../../i18n/texts.ts';
import { Button } from '../../ui/button.tsx';
import type { GateController } from '../controller-types.ts';
import type { OpenItems } from '../model.ts';
import type { Guard, Station } from '../station-types.ts';
import { Handover, type Leaving, toggled } from './Handover.tsx';
import { Panel } from './Panel.tsx';
import { PinPad } from './PinPad.tsx';

/** A page of names; more, and the last place turns the page. */
export const limits = { guardsShown: 8 } as const;

type Props = {
  station: Pick<Station, 'state' | 'signIn' | 'signOut' | 'onGuardCard'>;
  report: GateController['report'];
  /** What the present shift would leave. */
  open: OpenItems;
  /** Said when the panel stands before something that needs a name. */
  because: boolean;
  onSignedIn: () => void;
  onWrong: () => void;
  onClose: () => void;
};
type State = {
  roster: Roster;
  guard: Guard | null;
  byCard: boolean;
  /** Counts cards, so that a PIN pad which a wedge reader typed into begins anew. */
  taps: number;
  page: number;
  isSigning: boolean;
} & Leaving;

export class ShiftPanel extends Component<Props, State> {
  override state: State = {
    roster: 'duty',
    guard: null,
    byCard: false,
    taps: 0,
    page: 0,
    isSigning: false,
    taken: new Set(),
    notes: new Set(),
    fromPresent: false,
  };
  private stop = () => {};

  override componentDidMount() {
    this.stop = this.props.station.onGuardCard((staffId) => {
      const { guards, posts } = this.props.station.state();
      const { guard, roster, byCard, taps } = this.state;
      // A card that lies on the reader is read again and again: the PIN that is being typed stays.
      if (byCard && guard?.staffId === staffId) return;
      // The card of who goes, laid down while the next one stands there already.
      if (guard !== null && guard.staffId !== staffId && posts[roster]?.staffId === staffId)
        this.setState({ fromPresent: true });
      else {
        const found = guards.find((one) => one.staffId === staffId) ?? null;
        this.setState({ guard: found, byCard: true, taps: taps + 1, isSigning: guard?.staffId === staffId });
      }
    });
  }
  override componentWillUnmount() {
    this.stop();
  }

  /** Somebody else stands at this post: it is handed over, not just taken. */
  private relieves({ guard, roster }: State): Guard | null {
    const present = this.props.station.state().posts[roster];
    return guard === null || present === null || present.staffId === guard.staffId ? null : present;
  }

  /** `open`: as it stood before who comes signed in; the counts of the next shift begin with that. */
  private finish(from: Guard | null, to: Guard, open: OpenItems): void {
    const { report, onSignedIn } = this.props;
    const { roster, taken, notes, fromPresent } = this.state;
    if (from !== null) {
      report({
        kind: 'handover',
        roster,
        from: from.staffId,
        to: to.staffId,
        fromPresent,
        sinceWallMs: open.sinceWallMs,
        counts: open.counts,
        cases: [...taken].slice(0, open.casesMax),
        waiting: open.waiting,
        devices: [...open.devices],
        notes: [...notes],
      });
    }
    onSignedIn();
  }

  override render(props: Props, state: State) {
    const { roster, guard } = state;
    const from = this.relieves(state);
    const heading =
      from !== null && guard !== null ? t('handover.title', { from: from.name, to: guard.name }) : t('shift.title');
    return (
      <Panel
        title={t('shift.title')}
        heading={heading}
        testId="shift"
        onClose={guard === null ? props.onClose : () => this.setState({ guard: null })}
      >
        {guard === null ? (
          this.chooser()
        ) : from !== null && !state.isSigning ? (
          <Handover
            open={props.open}
            leaving={state}
            onTake={(caseIds) => this.setState(({ taken }) => ({ taken: toggled(taken, caseIds) }))}
            onNote={(note) => this.setState(({ notes }) => ({ notes: toggled(notes, [note]) }))}
            onNext={() => this.setState({ isSigning: true })}
          />
        ) : (
          <PinPad
            key={`${guard.staffId} ${state.taps}`}
            name={guard.name}
            enter={from === null ? 'shift.signIn' : 'handover.done'}
            signIn={(pin) => props.station.signIn(guard.staffId, pin, roster, state.byCard)}
            onSignedIn={() => this.finish(from, guard, props.open)}
            onWrong={props.onWrong}
          />
        )}
      </Panel>
    );
  }

  private chooser() {
    const { station, because, onClose } = this.props;
    const { roster, page } = this.state;
    const { posts, guards } = station.state();
    const paged = guards.length > limits.guardsShown;
    const size = paged ? limits.guardsShown - 1 : limits.guardsShown;
    const from = (page % Math.ceil(guards.length / size || 1)) * size;
    const present = posts[roster];
    return (
      <>
        <fieldset class="choices two" aria-label={t('shift.post')}>
          {rosters.map((one) => (
            <Button
              key={one}
              label={t(`post.${one}`)}
              sub={{ text: posts[one]?.name ?? t('shift.vacant'), lang: langTag[language.value] }}
              pressed={roster === one}
              onPress={() => this.setState({ roster: one })}
              testId={`post-${one}`}
            />
          ))}
        </fieldset>
        <p class="title" data-testid="on-duty">
          {posts.duty === null ? t('shift.nobody') : t('shift.onDuty', { name: posts.duty.name })}
        </p>
        {because && <p class="line">{t('shift.first')}</p>}
        <div class="spacer" />
        <p class="line">{guards.length === 0 ? t('shift.none') : t('shift.choose')}</p>
        <div class="choices two">
          {guards.slice(from, from + size).map((one) => (
            <Button
              key={one.staffId}
              label={one.name}
              onPress={() => this.setState({ guard: one, byCard: false, isSigning: false })}
              testId={`guard-${one.staffId}`}
            />
          ))}
          {paged && (
            <Button
              icon="again"
              label={t('chip.more', { n: guards.length - size })}
              onPress={() => this.setState({ page: page + 1 })}
              testId="guards-more"
            />
          )}
        </div>
        <div class="choices two">
          <a class="button button-secondary" href="/settings" data-testid="to-settings">
            {t('shift.settings')}
          </a>
          {present !== null && (
            <Button
              label={t('shift.signOut')}
              onPress={() => {
                station.signOut(roster);
                onClose();
              }}
              testId="sign-out"
            />
          )}
        </div>
      </>
    );
  }
}
