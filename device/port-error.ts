// Why a port would not open, as a closed set, so that the line above knows absent from broken. Thrown by every OpenPort.

/** `absent` no such device; `permission` not allowed; `locked` another program holds it; `unsuitable` not a serial port; `failed` the rest. */
export type PortTrouble = 'absent' | 'permission' | 'locked' | 'unsuitable' | 'failed';

export class PortError extends Error {
  readonly trouble: PortTrouble;

  constructor(trouble: PortTrouble, message: string) {
    super(message);
    this.name = 'PortError';
    this.trouble = trouble;
  }
}
