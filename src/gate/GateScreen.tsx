// The gate's page: header, stripes, chips, one screen or one panel, footer. Rendered by main.tsx with a controller.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Method } from '../domain/reading.ts';
import { langTag, language } from '../i18n/define.ts';
import { t } from '../i18n/texts.ts';
import type { GateController } from './controller-types.ts';
import type { Acts, GateModel, ScreenName } from './model.ts';
import { KeypadPanel } from './panels/KeypadPanel.tsx';
import { OpeningPanel } from './panels/OpeningPanel.tsx';
import { ShiftPanel } from './panels/ShiftPanel.tsx';
import { Chips } from './parts/Chips.tsx';
import { Footer } from './parts/Footer.tsx';
import { Header } from './parts/Header.tsx';
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
import { Trouble } from './screens/Trouble.tsx';
import type { Station } from './station-types.ts';

export const limits = { panelIdleMs: 60_000 } as const;

type NamedPanel = { name: 'keypad'; card: string | null; method: Method; evidence: boolean } | { name: 'opening' };
type Panel = NamedPanel | { name: 'shift'; next: NamedPanel | null };

/** The word that a screen reader hears and the window's title says. */
const wordOf: Record<ScreenName, Key> = {
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
    case 'idle':
      return <Idle direction={model.direction} />;
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

type Props = { controller: GateController; station: Station; onLanguage: () => void };

export function GateScreen({ controller, station, onLanguage }: Props) {
  const panel = useSignal<Panel | null>(null);
  const model = controller.model.value;
  const { screen } = model;
  const word = t(wordOf[screen.name]);

  useEffect(() => {
    document.title = t('pageTitle', { state: word });
    document.documentElement.lang = langTag[language.value];
  }, [word, language.value]);

  // A panel that somebody walked away from must not hide the next verdict.
  const present = panel.value;
  useEffect(() => {
    if (present === null) return;
    const close = () => {
      panel.value = null;
    };
    let timer = setTimeout(close, limits.panelIdleMs);
    const again = () => {
      clearTimeout(timer);
      timer = setTimeout(close, limits.panelIdleMs);
    };
    addEventListener('pointerdown', again);
    addEventListener('keydown', again);
    return () => {
      clearTimeout(timer);
      removeEventListener('pointerdown', again);
      removeEventListener('keydown', again);
    };
  }, [present, panel]);

  const close = () => {
    panel.value = null;
  };
  const openNamed = (wanted: NamedPanel) => {
    panel.value = station.signedIn.value === null ? { name: 'shift', next: wanted } : wanted;
  };
  const keypad = (card: string | null, method: Method = 'infrared') =>
    openNamed({ name: 'keypad', card, method, evidence: screen.name === 'refer' });
  const acts: Acts = { ...controller.acts, keypad };
  const onDuty = station.signedIn.value;

  const paintPanel = () => {
    if (present === null) return null;
    if (present.name === 'shift' || onDuty === null) {
      const next = present.name === 'shift' ? present.next : present;
      return (
        <ShiftPanel
          station={station}
          because={next !== null}
          onSignedIn={() => {
            panel.value = next;
          }}
          onWrong={() => controller.sound('again')}
          onClose={close}
        />
      );
    }
    if (present.name === 'opening')
      return <OpeningPanel openedBy={onDuty.name} open={controller.openByHand} onClose={close} />;
    return (
      <KeypadPanel
        {...present}
        typedBy={onDuty.name}
        range={station.policy.value}
        onTyped={(typed) => {
          controller.typed(typed);
          close();
        }}
        onWrong={() => controller.sound('again')}
        onClose={close}
      />
    );
  };

  const second = screen.name === 'second-page';
  return (
    <main
      class="gate"
      data-screen={screen.name}
      data-reason={model.reason ?? ''}
      data-saved={model.saved}
      data-dim={model.dim}
      data-people={station.roster.value.people}
      lang={langTag[language.value]}
    >
      <Header header={model.header} wallMs={controller.wallMs.value} />
      <Stripes stripes={model.stripes} />
      <Chips
        chips={model.chips}
        onResume={(card) => {
          close();
          controller.acts.retry(card);
        }}
      />
      <div class="body" style={{ translate: model.shift }}>
        {paintPanel() ?? <Body model={model} acts={acts} />}
      </div>
      {second ? (
        <div />
      ) : (
        <Footer
          acts={{
            handheld: () => keypad(model.card),
            opening: () => openNamed({ name: 'opening' }),
            shift: () => {
              panel.value = { name: 'shift', next: null };
            },
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
