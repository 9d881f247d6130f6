/** `paused`: wanted, but no screen needs it now. `busy`: another program holds it. `black`: nothing but darkness. */
export type CameraState =
  'off' | 'paused' | 'starting' | 'ready' | 'denied' | 'missing' | 'busy' | 'black' | 'failed';
