// From what was found to sentences and a proposal: pure. Called by doctor for each port.
import type { DoctorFinding, DoctorProposal } from '../../src/contracts/settings.ts';
import type { DeviceConfig } from '../config.ts';
import type { DeviceEvent } from '../drivers/driver.ts';
import type { Sentence } from '../texts.ts';
import { doctorTexts as texts } from '../texts-doctor.ts';
import type { Access } from './access.ts';
import { knownProfile, twinsOf } from './candidates.ts';
import type { Examined } from './examine.ts';
import type { Holder } from './holders.ts';
import type { FoundPort } from './port-list.ts';
import { type Guess, levelOf, masked } from './propose.ts';
import type { Value } from './score.ts';

export const limits = { profiles: 12 } as const;

export const finding = (level: DoctorFinding['level'], code: string, say: Sentence): DoctorFinding => ({
  level,
  code,
  say,
});

/** Null when this user may open the device. */
export function accessFinding(access: Access, { path, device }: FoundPort): DoctorFinding | null {
  if (access.may) return null;
  switch (access.because) {
    case 'absent':
      return finding('wrong', 'absent', texts.absent(path));
    case 'group': {
      const { user, group, isMember } = access;
      return finding('wrong', 'permission', isMember ? texts.signInAgain(user, group) : texts.joinGroup(user, group));
    }
    case 'nobody':
      return finding('wrong', 'permission', texts.noGroup(device.replace(/^\/dev\//, '')));
    default:
      return access satisfies never;
  }
}

export function holderFinding({ name, pid, command }: Holder): DoctorFinding {
  if (/^modemmanager/i.test(name)) return finding('wrong', 'held', texts.heldByModemManager(pid));
  if (/^brltty/.test(name)) return finding('wrong', 'held', texts.heldByBrltty(pid));
  // The bridge as npm runs it, and as systemd may.
  if (/\b(launch\.mjs bridge|node\/bridge\.js)\b/.test(command))
    return finding('note', 'bridge', texts.heldByBridge(pid));
  return finding('wrong', 'held', texts.heldBy(name, pid));
}

/** What was heard, against the configuration where it names this port. */
export function heardFindings(examined: Examined, config: DeviceConfig | null): DoctorFinding[] {
  const { heard } = examined;
  if (config !== null && heard.is === 'guess' && fits(config, examined)) {
    return [finding('good', 'as-configured', texts.matches(config.deviceId, config.profile))];
  }
  const found = findingOf(examined);
  if (config === null) return [found];
  if (heard.is === 'silence' && examined.asked.length === 0) return [silentFinding(config)];
  return [finding('wrong', 'not-as-configured', texts.differs(config.deviceId, config.profile)), found];
}

function fits(config: DeviceConfig, { heard, expected }: Examined): boolean {
  if (expected !== null && levelOf(expected) !== null) return true;
  return heard.is === 'guess' && heard.guess.scores.some(({ profile }) => twinsOf(profile).includes(config.profile));
}

function silentFinding({ role, deviceId, profile }: DeviceConfig): DoctorFinding {
  if (role === 'reader') return finding('note', 'no-card', texts.expectedCard(deviceId));
  if (knownProfile(profile)?.poll) return finding('note', 'not-asked', texts.expectedQuery(deviceId));
  return finding('wrong', 'silent', texts.expectedSilent(deviceId, profile));
}

function findingOf({ heard, asked, notAsked }: Examined): DoctorFinding {
  switch (heard.is) {
    case 'guess': {
      const names = namesOf(heard.guess);
      const level = names.length > 1 ? 'note' : heard.guess.level === 'sure' ? 'good' : 'note';
      return finding(level, `heard-${levelOfNames(heard.guess)}`, whyOf(heard.guess));
    }
    case 'text':
      return finding('wrong', 'text', texts.text(heard.baudRate, heard.sample));
    case 'noise':
      return finding('wrong', 'noise', texts.noise(heard.bytes, heard.bauds.join(', ')));
    case 'silence': {
      if (asked.length === 0) return finding('wrong', 'silence', texts.silence());
      const said = texts.silenceAsked(asked.join(', '));
      const left = notAsked.length === 0 ? { zh: '', en: '' } : texts.notAsked(notAsked.join(', '));
      return finding('wrong', 'silence', { zh: said.zh + left.zh, en: `${said.en} ${left.en}`.trim() });
    }
    default:
      return heard satisfies never;
  }
}

/** All profiles that the bytes cannot tell apart. */
function namesOf({ scores }: Guess): string[] {
  return [...new Set(scores.flatMap(({ profile }) => twinsOf(profile)))].slice(0, limits.profiles);
}

const levelOfNames = (guess: Guess): DoctorProposal['level'] => (namesOf(guess).length > 1 ? 'several' : guess.level);

function whyOf(guess: Guess): Sentence {
  const names = namesOf(guess);
  const [best] = guess.scores;
  if (best === undefined || names.length > 1) return texts.several(names.join(', '), guess.baudRate);
  if (guess.level === 'sure') return texts.sure(best.profile, best.good, guess.baudRate);
  return best.good > 0
    ? texts.likely(best.profile, best.good, best.bad, guess.baudRate)
    : texts.unchecked(best.profile, best.unchecked, guess.baudRate);
}

/** What the configuration would say; a person writes it there, nobody else. */
export function proposalOf(guess: Guess, path: string): DoctorProposal | null {
  const [best] = guess.scores;
  if (best === undefined) return null;
  const names = namesOf(guess);
  const { good, unchecked, bad } = best;
  return {
    level: levelOfNames(guess),
    profiles: names,
    baudRate: guess.baudRate,
    ...{ good, unchecked, bad },
    why: whyOf(guess),
    lines: names.map((name) => configLine(name, path, guess.baudRate)),
  };
}

function configLine(name: string, path: string, baudRate: number): string {
  const profile = knownProfile(name);
  const wired = { role: profile?.role, profile: name, path, ...(baudRate === profile?.baudRate ? {} : { baudRate }) };
  // The offset of an object-mode thermometer is measured, never proposed.
  return JSON.stringify(profile?.role === 'thermometer' ? { ...wired, site: profile.sites[0] } : wired);
}

/** A value for the eye: temperatures as they came, card numbers masked. */
export function shownValue(value: Value): Sentence {
  if (value.kind === 'tap') {
    const card = masked(value.uid ?? value.printed ?? '');
    return { zh: card, en: card };
  }
  const { objectCenti, bodyCenti, ambientCenti } = value;
  return texts.reading(celsius(objectCenti), celsius(bodyCenti), celsius(ambientCenti));
}

function celsius(centi: Extract<DeviceEvent, { kind: 'reading' }>['objectCenti']): string {
  if (centi === null) return '';
  const digits = String(Math.abs(centi)).padStart(3, '0');
  return `${centi < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)} \u2103`;
}
