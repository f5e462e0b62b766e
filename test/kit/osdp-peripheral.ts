// The OSDP peripheral that the tests talk to: the one that `npm run play` plays, which shares no code with the control unit.
export { createOsdpPeripheral, type OsdpPeripheral } from '../../device/simulator/players/osdp-peripheral.ts';
