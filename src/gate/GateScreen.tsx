// The gate's page: header, stripes, chips, one screen or one panel, footer. Mounted by main.tsx with a controller; painted
// as a whole after every change, which costs less than a frame.
import { render } from 'preact';
import { handKeysName, readHandKeys } from '../domain/hand-keys.ts';
import type { Method } from '../domain/reading.ts';
import { langTag, language } from '../i18n/define.ts';
import { t } from '../i18n/texts.ts';
import type { GateController } from './controller-types.ts';
import { listenForHands } from './hand-keys.ts';
import type { Acts, GateModel, RoomView, ScreenName } from './model.ts';
import { openItems } from './open-items.ts';
import { DeskPanel } from './panels/DeskPanel.tsx';
import { CallPanel, CarePanel } from './panels/HelpPanels.tsx';
import { KeypadPanel } from './panels/KeypadPanel.tsx';
import { OpeningPanel } from './panels/OpeningPanel.tsx';
import { ShiftPanel } from './panels/ShiftPanel.tsx';
import { Chips } from './parts/Chips.tsx';
import { Footer } from './parts/Footer.tsx';
import { Header } from './parts/Header.tsx';
import { LazyRoom } from './parts/LazyRoom.tsx';
import { Stripes } from './parts/Stripes.tsx';
import type { Key } from './parts/words.ts';
import { Admitted } from './screens/Admitted.tsx';
import { Again } from './screens/Again.tsx';
import { Denied } from './screens/Denied.tsx';
import { Hold } from './screens/Hold.tsx';
import { Idle } from './screens/Idle.tsx';
import { Card, Measuring } from './screens/Measuring.tsx';
import { NotSaved } from './screens/NotSaved.tsx';
import { Referred } from './screens/Referred.tsx';
import { SecondPage } from './screens/SecondPage.tsx';
import { Start } from './screens/Start.tsx';
import { Trouble } from './screens/Trouble.tsx';
import type { Station } from './station-types.ts';

export const limits = { panelIdleMs: 60_000 } as const;

type NamedPanel =
  | { name: 'keypad'; card: string | null; method: Method; evidence: boolean }
  | { name: 'opening' }
  | { name: 'room'; view: RoomView; card: string | null };
type Panel = NamedPanel | { name: 'shift'; next: NamedPanel | null } | { name: 'desk' | 'call' | 'care' };

/** The word that a screen reader hears and the window's title says. */
const wordOf: Record<ScreenName, Key> = {
  start: 'start.word',
  idle: 'idle.word',
  card: 'card.word',
  measuring: 'measuring.word',
  admit: 'admit.word',
  again: 'again.word',
  refer: 'refer.word',
  deny: 'deny.word',
  hold: 'hold.word',
  trouble: 'trouble.word',
  'not-saved': 'notSaved.word',
  'second-page': 'second.word',
};

function Body({ model, acts }: { model: GateModel; acts: Acts }) {
  const { screen, card } = model;
  switch (screen.name) {
    case 'start':
      return <Start />;
    case 'idle':
      return <Idle direction={model.direction} screen={screen} />;
    case 'card':
      return <Card screen={screen} />;
    case 'measuring':
      return <Measuring screen={screen} card={card} acts={acts} />;
    case 'admit':
      return <Admitted screen={screen} />;
    case 'again':
      return <Again screen={screen} reason={model.reason ?? ''} card={card} acts={acts} />;
    case 'refer':
      return <Referred screen={screen} card={card} acts={acts} />;
    case 'deny':
      return <Denied screen={screen} card={card} acts={acts} />;
    case 'hold':
      return <Hold screen={screen} card={card} acts={acts} />;
    case 'trouble':
      return <Trouble screen={screen} card={card} acts={acts} />;
    case 'not-saved':
      return <NotSaved screen={screen} acts={acts} />;
    case 'second-page':
      return <SecondPage />;
    default:
      return screen satisfies never;
  }
}

type Parts = { controller: GateController; station: Station; onLanguage: () => void };
type Props = Parts & { panel: Panel | null; show: (panel: Panel | null) => void };

/** Paints now and after every change; answers how to take the screen away. */
export function mountGate(root: Element, parts: Parts): () => void {
  let panel: Panel | null = null;
  let due = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function paint(): void {
    due = false;
    const props: Props = {
      ...parts,
      panel,
      show,
      onLanguage() {
        parts.onLanguage();
        soon();
      },
    };
    render(<GateScreen {...props} />, root);
  }
  /** Once for all changes of one instant. */
  function soon(): void {
    if (!due) queueMicrotask(paint);
    due = true;
  }
  function show(next: Panel | null): void {
    panel = next;
    stay();
    soon();
  }
  /** A panel that somebody walked away from must not hide the next verdict. */
  function stay(): void {
    clearTimeout(timer);
    if (panel !== null) timer = setTimeout(show, limits.panelIdleMs, null);
  }

  function onKey(event: KeyboardEvent): void {
    if (event.key === 'Escape' && panel !== null) show(null);
    else stay();
  }

  addEventListener('pointerdown', stay);
  addEventListener('keydown', onKey);
  const stop = [
    parts.controller.onChange(soon),
    parts.station.onChange(soon),
    listenForHands(
      parts.controller,
      () => readHandKeys(localStorage.getItem(handKeysName)),
      () => panel === null,
    ),
  ];
  paint();
  return () => {
    due = true;
    clearTimeout(timer);
    removeEventListener('pointerdown', stay);
    removeEventListener('keydown', onKey);
    for (const off of stop) off();
    render(null, root);
  };
}

function GateScreen({ controller, station, onLanguage, panel, show }: Props) {
  const state = station.state();
  const { signedIn, roster, policy } = state;
  const model = controller.model();
  const { screen } = model;
  const word = t(wordOf[screen.name]);
  const lang = langTag[language.value];
  document.title = t('pageTitle', { state: word });
  document.documentElement.lang = lang;

  const close = () => show(null);
  const wrong = () => controller.sound('again');
  const openNamed = (wanted: NamedPanel) =>
    show(station.state().signedIn === null ? { name: 'shift', next: wanted } : wanted);
  const keypad = (card: string | null, method: Method = 'infrared') =>
    openNamed({ name: 'keypad', card, method, evidence: screen.name === 'refer' });

  const room = (view: RoomView, card: string | null) => openNamed({ name: 'room', view, card });

  const paintPanel = () => {
    if (panel === null) return null;
    switch (panel.name) {
      case 'desk':
        return <DeskPanel controller={controller} state={state} onGo={(name) => show({ name })} onClose={close} />;
      case 'call':
        return <CallPanel state={state} onClose={close} />;
      case 'care':
        return <CarePanel onClose={close} />;
    }
    if (panel.name === 'shift' || signedIn === null) {
      const next = panel.name === 'shift' ? panel.next : panel;
      return (
        <ShiftPanel
          station={station}
          report={controller.report}
          open={openItems(state, model.chips)}
          because={next !== null}
          onSignedIn={() => show(next)}
          onWrong={wrong}
          onClose={close}
        />
      );
    }
    if (panel.name === 'room')
      return <LazyRoom {...panel} {...{ controller, station }} onWrong={wrong} onClose={close} />;
    if (panel.name === 'opening')
      return <OpeningPanel openedBy={signedIn.name} open={controller.openByHand} onClose={close} />;
    return (
      <KeypadPanel
        {...panel}
        typedBy={signedIn.name}
        range={policy}
        onTyped={(typed) => {
          controller.typed(typed);
          close();
        }}
        onWrong={wrong}
        onClose={close}
      />
    );
  };

  return (
    <main
      class="gate"
      data-screen={screen.name}
      data-reason={model.reason ?? ''}
      data-saved={model.saved}
      data-dim={model.dim}
      data-people={roster.people}
      lang={lang}
    >
      <Header header={model.header} />
      <Stripes stripes={model.stripes} />
      <Chips
        chips={model.chips}
        onResume={(card) => {
          close();
          controller.acts.retry(card);
        }}
      />
      <div class="body" style={{ translate: model.shift }}>
        {paintPanel() ?? <Body model={model} acts={{ ...controller.acts, keypad, room }} />}
      </div>
      {screen.name === 'second-page' ? (
        <div />
      ) : (
        <Footer
          undo={model.undoMs === null ? null : controller.acts.undo}
          acts={{
            handheld: () => keypad(model.card),
            guests: () => room('menu', model.card),
            opening: () => openNamed({ name: 'opening' }),
            more: () => show({ name: 'desk' }),
            shift: () => show({ name: 'shift', next: null }),
            language: onLanguage,
          }}
        />
      )}
      <p class="visually-hidden" role="status" aria-live="assertive" data-testid="spoken">
        {word}
      </p>
    </main>
  );
}
