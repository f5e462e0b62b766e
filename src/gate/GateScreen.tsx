// The gate's page: header, stripes, chips, one screen or one panel, footer. Mounted by main.tsx with a controller; painted
// as a whole after every change, which costs less than a frame.
import { type ComponentChild, render } from 'preact';
import { handKeysName, readHandKeys } from '../domain/hand-keys.ts';
import type { Method } from '../domain/reading.ts';
import { langTag, language } from '../i18n/define.ts';
import { t } from '../i18n/texts.ts';
import type { GateController } from './controller-types.ts';
import { listenForHands } from './hand-keys.ts';
import type { RoomView, ScreenActs, ScreenName, ScreenProps } from './model.ts';
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

const screens = {
  start: Start,
  idle: Idle,
  card: Card,
  measuring: Measuring,
  admit: Admitted,
  again: Again,
  refer: Referred,
  deny: Denied,
  hold: Hold,
  trouble: Trouble,
  'not-saved': NotSaved,
  'second-page': SecondPage,
} satisfies { [Name in ScreenName]: (props: ScreenProps<Name>) => ComponentChild };

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
  const { screen, card } = model;
  // What a screen reader hears and the window's title says.
  const word = t(`${screen.name}.word`);
  const lang = langTag[language.value];
  document.title = t('pageTitle', { state: word });
  document.documentElement.lang = lang;

  const close = () => show(null);
  const wrong = () => controller.sound('again');
  const openNamed = (wanted: NamedPanel) =>
    show(station.state().signedIn === null ? { name: 'shift', next: wanted } : wanted);
  const keypad = (card: string | null, method: Method = 'infrared') =>
    openNamed({ name: 'keypad', card, method, evidence: screen.name === 'refer' });

  const room = (view: RoomView) => openNamed({ name: 'room', view, card });
  const of = (act: (card: string | null) => void) => () => act(card);
  const { retry, leave, refuse, noContact, answer, reconnect, dismiss } = controller.acts;
  const acts: ScreenActs = {
    ...{ room, reconnect, dismiss },
    keypad: (method) => keypad(card, method),
    retry: of(retry),
    leave: of(leave),
    refuse: of(refuse),
    noContact: of(noContact),
    answer: (said) => answer(said, card),
  };
  // Each takes the screen of its own name.
  const Screen = screens[screen.name] as (
    props: Omit<ScreenProps<ScreenName>, 'screen'> & { screen: unknown },
  ) => ComponentChild;

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
        onResume={(resumed) => {
          close();
          retry(resumed);
        }}
      />
      <div class="body" style={{ translate: model.shift }}>
        {paintPanel() ?? <Screen screen={screen} model={model} acts={acts} />}
      </div>
      {screen.name === 'second-page' ? (
        <div />
      ) : (
        <Footer
          undo={model.undoMs === null ? null : controller.acts.undo}
          acts={{
            handheld: () => keypad(card),
            guests: () => room('menu'),
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
