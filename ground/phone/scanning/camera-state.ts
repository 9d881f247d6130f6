/** `busy`: another app holds it. */
export type CameraState = 'starting' | 'ready' | 'denied' | 'missing' | 'busy' | 'failed';

export function stateOfFailure(error: unknown): CameraState {
  switch (error instanceof Error ? error.name : '') {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'denied';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'missing';
    case 'NotReadableError':
    case 'AbortError':
      return 'busy';
    default:
      return 'failed';
  }
}
