import { defineStore } from 'pinia';
import { computed, onScopeDispose, shallowRef } from 'vue';
import type { DeviceStates, WaitingSlip } from '../../bridge/contract.ts';
import { printerSignOf, scannerSignOf } from '../devices/device-signs.ts';
import type { CameraState } from '../scanning/camera-state.ts';
import { useSessionStore } from './session-store.ts';

/** How the crew should take a device's state; the shape of its mark. */
export type DeviceLevel = 'fine' | 'busy' | 'careful' | 'stopped' | 'unused';

export const useDevicesStore = defineStore('devices', () => {
  const session = useSessionStore();
  const states = shallowRef<DeviceStates>(session.opened?.devices() ?? session.answer.devices);
  const camera = shallowRef<CameraState>('paused');

  onScopeDispose(
    session.till.on('devices', (next) => {
      states.value = next;
    }),
  );

  const printerLevel = computed<DeviceLevel>(() => {
    const { printer } = states.value;
    switch (printer.kind) {
      case 'ready':
        return printer.isPaperLow ? 'careful' : 'fine';
      case 'not-set':
        return 'unused';
      case 'connecting':
      case 'printing':
        return 'busy';
      case 'paper-out':
      case 'cover-open':
      case 'offline':
      case 'no-answer':
      case 'garbled':
      case 'no-port':
        return 'stopped';
    }
  });

  const scannerLevel = computed<DeviceLevel>(() => {
    switch (states.value.scanner.kind) {
      case 'not-set':
        return 'unused';
      case 'ready':
        return 'fine';
      case 'no-port':
        return 'stopped';
    }
  });

  const printerSign = computed(() => printerSignOf(states.value.printer));
  const scannerSign = computed(() => scannerSignOf(states.value.scanner));

  const cameraLevel = computed<DeviceLevel>(() => {
    switch (camera.value) {
      case 'ready':
        return 'fine';
      case 'off':
        return 'unused';
      case 'paused':
      case 'starting':
        return 'busy';
      case 'black':
        return 'careful';
      case 'denied':
      case 'missing':
      case 'busy':
      case 'failed':
        return 'stopped';
    }
  });

  /** The waiting slip of a sale or correction, or null when it has come out. */
  function waitingSlip(seq: number): WaitingSlip | null {
    return states.value.waitingSlips.find((slip) => slip.seq === seq) ?? null;
  }

  return {
    states,
    camera,
    printerLevel,
    printerSign,
    scannerLevel,
    scannerSign,
    cameraLevel,
    waitingSlip,
  };
});
