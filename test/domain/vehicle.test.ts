// A vehicle: the barrier after the last person admitted, and never with somebody in it who was stopped.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createVehicle, hasSeat, limits, takeLeft, takeVerdict, vehicleState } from '../../src/domain/vehicle.ts';
import { verdicts } from '../../src/domain/verdict.ts';

const three = createVehicle('v', 3);
const admit = (vehicle: typeof three, ...ids: string[]) =>
  ids.reduce((now, id) => takeVerdict(now, id, 'admit', `entry-${id}`), vehicle);

it('opens after the last one admitted, and not before', () => {
  expect(vehicleState(three)).toBe('measuring');
  expect(vehicleState(admit(three, 'a', 'b'))).toBe('measuring');
  expect(vehicleState(admit(three, 'a', 'b', 'c'))).toBe('open');
});

it('counts nobody twice, and takes nobody without a seat', () => {
  expect(vehicleState(admit(three, 'a', 'a', 'a'))).toBe('measuring');
  const full = admit(three, 'a', 'b', 'c');
  expect(hasSeat(full, 'd')).toBe(false);
  expect(takeVerdict(full, 'd', 'refer', 'x')).toBe(full);
});

it.each(['refer', 'deny'] as const)('%s keeps it shut, whatever comes after', (verdict) => {
  const shut = takeVerdict(admit(three, 'a'), 'b', verdict, 'x');
  expect(vehicleState(shut)).toBe('shut');
  expect(vehicleState(takeLeft(admit(shut, 'b', 'c'), 'b'))).toBe('shut');
});

it.each(['again', 'hold', 'trouble'] as const)('%s waits for the same person', (verdict) => {
  const waits = takeVerdict(admit(three, 'a', 'b'), 'c', verdict, 'x');
  expect(vehicleState(waits)).toBe('measuring');
  expect(vehicleState(admit(waits, 'c'))).toBe('open');
});

it('who leaves gives the seat back', () => {
  const left = takeLeft(takeVerdict(admit(three, 'a', 'b'), 'c', 'again', 'x'), 'c');
  expect(hasSeat(left, 'd')).toBe(true);
  expect(vehicleState(admit(left, 'd'))).toBe('open');
});

it('holds the number of seats within its limits', () => {
  expect(createVehicle('v', 0).seats).toBe(limits.seatsMin);
  expect(createVehicle('v', 40).seats).toBe(limits.seatsMax);
});

it('open means: as many different people admitted as there are seats, and nobody ever stopped', () => {
  const step = fc.record({
    id: fc.constantFrom('a', 'b', 'c', 'd'),
    verdict: fc.constantFrom(...verdicts, 'left' as const),
  });
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 4 }), fc.array(step, { maxLength: 30 }), (seats, steps) => {
      let vehicle = createVehicle('v', seats);
      let stopped = false;
      for (const { id, verdict } of steps) {
        if ((verdict === 'refer' || verdict === 'deny') && hasSeat(vehicle, id)) stopped = true;
        vehicle = verdict === 'left' ? takeLeft(vehicle, id) : takeVerdict(vehicle, id, verdict, id);
        const admitted = new Set(
          vehicle.occupants.filter((one) => one.state === 'admitted').map((one) => one.passageId),
        );
        expect(vehicleState(vehicle) === 'open').toBe(!stopped && admitted.size === seats);
        expect(vehicle.occupants.length).toBeLessThanOrEqual(seats);
      }
    }),
  );
});
