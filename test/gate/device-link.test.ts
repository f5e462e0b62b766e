// The link to the bridge: what is perishable perishes, and the line comes back.
import { beforeEach, describe, expect, it } from 'vitest';
import type { BridgeMessage } from '../../src/contracts/device-stream.ts';
import { createDeviceLink, type LinkState, limits, type Signal } from '../../src/sync/device-link.ts';
import { bootB, type FakeBridge, fakeBridge } from '../kit/fake-bridge.ts';
import { type FakeClocks, fakeClocks } from '../kit/fake-clocks.ts';

describe('device-link', () => {
  let clocks: FakeClocks;
  let bridge: FakeBridge;
  let signals: Signal[];
  let states: LinkState[];
  beforeEach(() => {
    clocks = fakeClocks();
    bridge = fakeBridge(clocks);
    signals = [];
    states = [];
  });
  const linkUp = (random = () => 0.5) =>
    createDeviceLink({
      connect: bridge.connect,
      clocks,
      random,
      writer: () => null,
      onState: (state) => states.push(state),
      onHello: () => {},
      onSignal: (signal) => signals.push(signal),
      onWord: () => {},
      onSigned: () => {},
    });
  const tap = (n: number, ageMs = 0, livesMs = 2_000): BridgeMessage => ({
    type: 'tap',
    n,
    atMs: bridge.monoMs() - ageMs,
    expiresAtMs: bridge.monoMs() - ageMs + livesMs,
    deviceId: 'r1',
    uid: '01',
    printed: null,
  });

  it("says hello back and passes a tap on in the page's own time", async () => {
    const link = linkUp();
    await clocks.pass(10);
    expect(states).toEqual(['online']);
    expect(bridge.heard[0]).toEqual({ type: 'hello', contract: 1, writer: null });
    bridge.say(tap(1, 100));
    expect(signals).toHaveLength(1);
    expect(Math.abs((signals[0]?.atMs ?? 0) - (clocks.monoMs() - 100))).toBeLessThanOrEqual(2);
    link.stop();
  });

  it.each([
    [1_900, 1],
    [2_500, 0],
  ])('a tap that is %i ms old with 2 s to live is heard %i times', async (ageMs, times) => {
    const link = linkUp();
    await clocks.pass(2_500);
    bridge.say(tap(1, ageMs));
    expect(signals).toHaveLength(times);
    link.stop();
  });

  it('a number that does not rise is never heard, over a reconnect of the same bridge process too', async () => {
    const link = linkUp();
    await clocks.pass(10);
    bridge.say(tap(5));
    bridge.say(tap(5));
    bridge.say(tap(4));
    expect(signals).toHaveLength(1);
    bridge.closeWith(1006);
    await clocks.pass(1_000);
    bridge.say(tap(5));
    bridge.say(tap(6));
    expect(signals.map((one) => one.n)).toEqual([5, 6]);
    link.stop();
  });

  it('a new bridge process begins its numbers anew', async () => {
    const link = linkUp();
    await clocks.pass(10);
    bridge.say(tap(500));
    bridge.bootId = bootB;
    bridge.closeWith(1006);
    await clocks.pass(1_000);
    bridge.say(tap(1));
    expect(signals.map((one) => one.n)).toEqual([500, 1]);
    link.stop();
  });

  it('what is not this protocol is not heard', async () => {
    const link = linkUp();
    await clocks.pass(10);
    const strange: unknown[] = [{ type: 'tap', n: 'x' }, { type: 'later-kind' }, 7];
    for (const one of strange) bridge.say(one as BridgeMessage);
    expect(signals).toEqual([]);
    expect(link.state()).toBe('online');
    link.stop();
  });

  it('a line that falls silent without a close is noticed and opened anew', async () => {
    const link = linkUp();
    await clocks.pass(10);
    bridge.answers = false;
    await clocks.pass(limits.silenceMs + 2 * limits.pingMs);
    expect(states).toContain('lost');
    bridge.answers = true;
    await clocks.pass(2 * limits.silenceMs);
    expect(link.state()).toBe('online');
    link.stop();
  });

  it('comes back within 5 s of a bridge that was away for long, with jitter', async () => {
    bridge.up = false;
    const link = linkUp(() => 0.99);
    await clocks.pass(120_000);
    const tries = bridge.connections;
    expect(tries).toBeGreaterThan(20);
    expect(tries).toBeLessThan(60);
    bridge.up = true;
    await clocks.pass(limits.reconnect.maxMs);
    expect(link.state()).toBe('online');
    link.stop();
  });

  it('nothing is sent or queued while the line is down', async () => {
    bridge.up = false;
    const link = linkUp();
    await clocks.pass(10);
    expect(link.send({ type: 'stamp', printed: '123' })).toBe(false);
    expect(await link.takeBack('0a0a0a0a-0000-4000-8000-00000000000a', 1)).toBeNull();
    bridge.up = true;
    await clocks.pass(10_000);
    expect(bridge.heard.filter((one) => one.type === 'stamp' || one.type === 'take-back')).toEqual([]);
    link.stop();
  });

  it('a bridge that serves another page makes this one the second', async () => {
    const link = linkUp();
    await clocks.pass(10);
    bridge.closeWith(limits.secondPageCode);
    expect(link.state()).toBe('second-page');
    link.stop();
  });

  it('a sign-in that nobody answers ends by itself', async () => {
    const link = linkUp();
    await clocks.pass(10);
    const answer = link.sign({ type: 'sign-in', staffId: 's1', pin: '1234' });
    await clocks.pass(limits.answerMs);
    expect(await answer).toBeNull();
    link.stop();
  });

  it('the shortest round trip rules the translation, so a slow answer does not bend time', async () => {
    const link = linkUp();
    await clocks.pass(10_000);
    expect(Math.abs(link.toBridge(clocks.monoMs()) - bridge.monoMs())).toBeLessThanOrEqual(1);
    link.stop();
  });
});
