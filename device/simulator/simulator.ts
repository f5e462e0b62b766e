// What may be done to the simulated gate, by the paths of its API: parses a request, does it, says what became of it.
// Called by simulator-http.
import type * as z from 'zod/mini';
import {
  type SimulatedPerson,
  type SimulatorPath,
  type SimulatorState,
  simulatorRequests,
} from '../../src/contracts/simulator.ts';
import type { Sentence } from '../texts.ts';
import type { Network } from './network.ts';
import type { SimulatedGate } from './simulated-gate.ts';
import { simulatorTexts } from './texts.ts';

/** A card that no roster holds. */
export const unknownUid = '0A0B0C0D0E';

export type SimulatorParts = {
  gate: SimulatedGate;
  network: Pick<Network, 'isUp' | 'setUp'>;
  /** Bars change while it runs: asked for each picture of the whole. */
  people(): Promise<readonly SimulatedPerson[]>;
  ports: 'pty' | 'memory';
  gateUrl: string;
  clinicUrl: string;
};

export type Done = { ok: true } | { ok: false; status: number; sentence: Sentence };
export type Simulator = {
  state(): Promise<SimulatorState>;
  live(): SimulatorState['live'];
  onChange(listener: () => void): () => void;
  isPath(path: string): path is SimulatorPath;
  act(path: SimulatorPath, body: unknown): Promise<Done>;
};

export function createSimulator(parts: SimulatorParts): Simulator {
  const { gate, network } = parts;
  const listeners = new Set<() => void>();
  const live = () => ({ ...gate.live(), networkUp: network.isUp() });
  const hundredths = (celsius: number | null) => (celsius === null ? null : Math.round(celsius * 100));
  const uidOf = async (who: { uid: string } | { personId: string }) => {
    if ('uid' in who) return who.uid.toUpperCase();
    return (await parts.people()).find((person) => person.personId === who.personId)?.uid ?? null;
  };
  const parse = <Path extends SimulatorPath>(path: Path, body: unknown) =>
    simulatorRequests[path].safeParse(body) as z.core.util.SafeParseResult<z.infer<(typeof simulatorRequests)[Path]>>;

  return {
    live,
    async state() {
      const { ports, gateUrl, clinicUrl } = parts;
      return { ports, gateUrl, clinicUrl, unknownUid, people: [...(await parts.people())], live: live() };
    },
    onChange(listener) {
      listeners.add(listener);
      const stop = gate.onChange(listener);
      return () => {
        listeners.delete(listener);
        stop();
      };
    },
    isPath: (path): path is SimulatorPath => Object.hasOwn(simulatorRequests, path),
    async act(path, body) {
      const wrong: Done = { ok: false, status: 400, sentence: simulatorTexts.wrongBody() };
      const stranger: Done = { ok: false, status: 404, sentence: simulatorTexts.unknownPerson() };
      switch (path) {
        case '/api/tap': {
          const asked = parse(path, body);
          if (!asked.success) return wrong;
          const uid = await uidOf(asked.data);
          if (uid === null) return stranger;
          gate.tap(uid);
          return { ok: true };
        }
        case '/api/temperature': {
          const asked = parse(path, body);
          if (!asked.success) return wrong;
          if ('bodyC' in asked.data) gate.showBody(hundredths(asked.data.bodyC));
          else gate.showObject(hundredths(asked.data.objectC));
          return { ok: true };
        }
        case '/api/plug': {
          const asked = parse(path, body);
          if (!asked.success) return wrong;
          await gate.plug(asked.data.role, asked.data.plugged);
          return { ok: true };
        }
        case '/api/mute': {
          const asked = parse(path, body);
          if (!asked.success) return wrong;
          gate.mute(asked.data.muted);
          return { ok: true };
        }
        case '/api/network': {
          const asked = parse(path, body);
          if (!asked.success) return wrong;
          network.setUp(asked.data.up);
          for (const listener of listeners) listener();
          return { ok: true };
        }
        case '/api/pass': {
          const asked = parse(path, body);
          if (!asked.success) return wrong;
          const uid = await uidOf(asked.data);
          if (uid === null) return stranger;
          const passed = gate.pass(uid, Math.round(asked.data.bodyC * 100));
          if (!passed) return { ok: false, status: 429, sentence: simulatorTexts.busy() };
          await passed;
          return { ok: true };
        }
        default:
          return path satisfies never;
      }
    },
  };
}
