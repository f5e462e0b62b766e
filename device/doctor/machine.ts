// The doctor's view of the real machine: this process, its user and groups. Called by the program and by the bridge.
import { userInfo } from 'node:os';
import type { Clock } from '../clock.ts';
import type { OpenPort } from '../ports.ts';
import { mayOpen } from './access.ts';
import type { DoctorParts } from './doctor.ts';

export function thisMachine(openPort: OpenPort, clock: Clock): DoctorParts {
  return {
    ...{ openPort, clock, ownPid: process.pid },
    access: { user: userName(), groups: process.getgroups?.() ?? [], groupFile: '/etc/group', mayOpen },
  };
}

/** A user without an entry in /etc/passwd (a container's) has a number alone. */
function userName(): string {
  try {
    return userInfo().username;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return String(process.getuid?.() ?? '');
    throw error;
  }
}
