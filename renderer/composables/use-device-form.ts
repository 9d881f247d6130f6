import * as v from 'valibot';
import { computed, reactive, watch, type ComputedRef } from 'vue';
import { settingsSchema, type Settings } from '../../bridge/settings.ts';

const DEFAULT_TCP_PORT = '9100';

/** The fields of the devices screen; every kind keeps its own, so switching forth and back loses nothing. */
export type DeviceFields = {
  printerKind: Settings['printer']['kind'];
  printerPath: string;
  printerBaud: number;
  paperMm: 58 | 80;
  host: string;
  tcpPort: string;
  scannerKind: Settings['scanner']['kind'];
  scannerPath: string;
  scannerBaud: number;
  camera: Settings['camera'];
};

type DeviceForm = {
  readonly fields: DeviceFields;
  /** What the fields say, or null while something in them is not possible. */
  readonly wanted: ComputedRef<Pick<Settings, 'printer' | 'scanner' | 'camera'> | null>;
  readonly isChanged: ComputedRef<boolean>;
  readonly isPrinterBad: ComputedRef<boolean>;
  readonly isScannerBad: ComputedRef<boolean>;
};

function fieldsOf(settings: Settings): DeviceFields {
  const { printer, scanner } = settings;
  return {
    printerKind: printer.kind,
    printerPath: printer.kind === 'serial' ? printer.path : '',
    printerBaud: printer.kind === 'serial' ? printer.baud : 115_200,
    paperMm: printer.kind === 'none' ? 58 : printer.paperMm,
    host: printer.kind === 'tcp' ? printer.host : '',
    tcpPort: printer.kind === 'tcp' ? printer.port.toString() : DEFAULT_TCP_PORT,
    scannerKind: scanner.kind,
    scannerPath: scanner.kind === 'serial' ? scanner.path : '',
    scannerBaud: scanner.kind === 'serial' ? scanner.baud : 9600,
    camera: settings.camera,
  };
}

function readPrinter(fields: DeviceFields): Settings['printer'] | null {
  const { printerKind: kind, printerPath, printerBaud, paperMm, host, tcpPort } = fields;
  const raw = {
    none: { kind },
    serial: { kind, path: printerPath.trim(), baud: printerBaud, paperMm },
    tcp: { kind, host: host.trim(), port: Number(tcpPort), paperMm },
  }[kind];
  const parsed = v.safeParse(settingsSchema.entries.printer, raw);
  return parsed.success ? parsed.output : null;
}

function readScanner(fields: DeviceFields): Settings['scanner'] | null {
  const { scannerKind: kind, scannerPath, scannerBaud } = fields;
  const raw = kind === 'none' ? { kind } : { kind, path: scannerPath.trim(), baud: scannerBaud };
  const parsed = v.safeParse(settingsSchema.entries.scanner, raw);
  return parsed.success ? parsed.output : null;
}

/** The form over the settings in force; it follows them whenever they change. */
export function useDeviceForm(settings: () => Settings): DeviceForm {
  const fields = reactive(fieldsOf(settings()));
  const printer = computed(() => readPrinter(fields));
  const scanner = computed(() => readScanner(fields));
  const wanted = computed(() =>
    printer.value === null || scanner.value === null
      ? null
      : { printer: printer.value, scanner: scanner.value, camera: fields.camera },
  );
  const isChanged = computed(() => {
    const { printer: printerNow, scanner: scannerNow, camera } = settings();
    const now = { printer: printerNow, scanner: scannerNow, camera };
    return wanted.value === null || !isSame(wanted.value, now);
  });
  watch(
    () => [settings().printer, settings().scanner, settings().camera],
    () => Object.assign(fields, fieldsOf(settings())),
  );
  return {
    fields,
    wanted,
    isChanged,
    isPrinterBad: computed(() => printer.value === null),
    isScannerBad: computed(() => scanner.value === null),
  };
}

/** Equal by content; both come out of the same schema, so their keys stand in the same order. */
function isSame(a: object, b: object): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
