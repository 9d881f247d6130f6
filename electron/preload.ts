import { contextBridge, ipcRenderer } from 'electron';
import type { Answers, CallName, PushName, Pushes, Request, TillBridge } from '../bridge/contract.ts';
import { channelOf, PUSH_NAMES } from '../bridge/channels.ts';

const bridge: TillBridge = {
  call: <Name extends CallName>(name: Name, request: Request<Name>) =>
    ipcRenderer.invoke(channelOf(name), request) as Promise<Answers[Name]>,
  on: <Name extends PushName>(name: Name, listen: (value: Pushes[Name]) => void) => {
    if (!PUSH_NAMES.includes(name)) throw new Error('unknown push');
    const forward = (_event: unknown, value: Pushes[Name]): void => {
      listen(value);
    };
    ipcRenderer.on(channelOf(name), forward);
    return () => {
      ipcRenderer.off(channelOf(name), forward);
    };
  },
};

contextBridge.exposeInMainWorld('till', bridge);
