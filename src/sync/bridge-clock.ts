// Offset between the page's and the bridge's monotonic clocks, from the round trip that was shortest. Called by device-link.

export const limits = { trips: 16 } as const;

export type BridgeClock = {
  /** A hello says the bridge's time without a round trip: better than nothing until the first pong. */
  greet(bridgeMs: number, pageMs: number): void;
  /** A ping that left at `sentMs` (page) was answered at `gotMs` (page) with `bridgeMs`. */
  trip(sentMs: number, gotMs: number, bridgeMs: number): void;
  toPage(bridgeMs: number): number;
  /** A whole number, rounded down: a deadline never grows by translation. */
  toBridge(pageMs: number): number;
};

export function createBridgeClock(): BridgeClock {
  let trips: { tripMs: number; offsetMs: number }[] = [];
  let offsetMs = 0;

  return {
    greet(bridgeMs, pageMs) {
      trips = [];
      offsetMs = bridgeMs - pageMs;
    },
    trip(sentMs, gotMs, bridgeMs) {
      trips = [...trips, { tripMs: gotMs - sentMs, offsetMs: bridgeMs - (sentMs + gotMs) / 2 }].slice(-limits.trips);
      offsetMs = trips.reduce((best, one) => (one.tripMs < best.tripMs ? one : best)).offsetMs;
    },
    toPage: (bridgeMs) => bridgeMs - offsetMs,
    toBridge: (pageMs) => Math.floor(pageMs + offsetMs),
  };
}
