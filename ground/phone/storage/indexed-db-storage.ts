// The only file of the phone's pages that touches IndexedDB. A private key is kept as the browser's own object: it can be
// stored and used, never read.
import { byTaking, copyKey, type KeptCopy, type KeptFlight, type PhoneStorage } from './phone-storage.ts';

const NAME = 'cabintill-phone';
const VERSION = 1;
const FLIGHTS = 'flights';
const COPIES = 'copies';

/** Opens the phone's database. Rejects where there is none, as in some private windows, or where a newer page made it. */
export async function openIndexedDbStorage(factory: IDBFactory): Promise<PhoneStorage> {
  const db = await openDatabase(factory);

  /** One transaction; resolves with what `work` put into the box once it is durable. */
  function run<T>(
    mode: IDBTransactionMode,
    work: (transaction: IDBTransaction, box: { value: T }) => void,
    initial: T,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      const transaction = db.transaction([FLIGHTS, COPIES], mode, { durability: 'strict' });
      const box = { value: initial };
      transaction.addEventListener('complete', () => {
        resolve(box.value);
      });
      const give = (): void => {
        reject(transaction.error ?? new Error('the phone storage gave up'));
      };
      transaction.addEventListener('abort', give);
      transaction.addEventListener('error', give);
      work(transaction, box);
    });
  }

  const copiesOf = (flightId: string): IDBKeyRange => IDBKeyRange.bound(`${flightId}/`, `${flightId}/\uffff`);

  return {
    flights: () =>
      run<readonly KeptFlight[]>(
        'readonly',
        (transaction, box) => {
          onAnswer(transaction.objectStore(FLIGHTS).getAll() as IDBRequest<KeptFlight[]>, (all) => {
            box.value = all.sort((a, b) => b.begunMs - a.begunMs);
          });
        },
        [],
      ),
    flight: (id) =>
      run<KeptFlight | null>(
        'readonly',
        (transaction, box) => {
          onAnswer(requestFlight(transaction, id), (flight) => {
            box.value = flight ?? null;
          });
        },
        null,
      ),
    addFlight: (flight) =>
      run(
        'readwrite',
        (transaction) => {
          transaction.objectStore(FLIGHTS).put(flight);
        },
        undefined,
      ),
    changeFlight: (id, change) =>
      run(
        'readwrite',
        (transaction) => {
          onAnswer(requestFlight(transaction, id), (flight) => {
            if (flight !== undefined) transaction.objectStore(FLIGHTS).put(change(flight));
          });
        },
        undefined,
      ),
    forgetFlight: (id) =>
      run(
        'readwrite',
        (transaction) => {
          transaction.objectStore(FLIGHTS).delete(id);
          transaction.objectStore(COPIES).delete(copiesOf(id));
        },
        undefined,
      ),
    copies: (flightId) =>
      run<readonly KeptCopy[]>(
        'readonly',
        (transaction, box) => {
          const request = transaction.objectStore(COPIES).getAll(copiesOf(flightId));
          onAnswer(request as IDBRequest<KeptCopy[]>, (all) => {
            box.value = all.sort(byTaking);
          });
        },
        [],
      ),
    addCopy: (copy) =>
      run(
        'readwrite',
        (transaction, box) => {
          const store = transaction.objectStore(COPIES);
          onAnswer(store.getKey(copyKey(copy)), (known) => {
            box.value = known === undefined;
            if (box.value) store.put(copy, copyKey(copy));
          });
        },
        false,
      ),
    markSent: (copy, sent) =>
      run(
        'readwrite',
        (transaction) => {
          transaction.objectStore(COPIES).put({ ...copy, sent }, copyKey(copy));
        },
        undefined,
      ),
  };
}

function requestFlight(transaction: IDBTransaction, id: string): IDBRequest<KeptFlight | undefined> {
  return transaction.objectStore(FLIGHTS).get(id) as IDBRequest<KeptFlight | undefined>;
}

function onAnswer<T>(request: IDBRequest<T>, use: (answer: T) => void): void {
  request.addEventListener('success', () => {
    use(request.result);
  });
}

function openDatabase(factory: IDBFactory): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = factory.open(NAME, VERSION);
    request.addEventListener('upgradeneeded', () => {
      request.result.createObjectStore(FLIGHTS, { keyPath: 'id' });
      request.result.createObjectStore(COPIES);
    });
    request.addEventListener('success', () => {
      // A newer page in another window wants to upgrade: never stand in its way.
      request.result.addEventListener('versionchange', () => {
        request.result.close();
      });
      resolve(request.result);
    });
    request.addEventListener('error', () => {
      reject(request.error ?? new Error('the phone storage could not be opened'));
    });
  });
}
