import { ArrowLeftRight, Ban, ChartNoAxesCombined, FileBox, LayoutDashboard, ListChecks } from '@lucide/vue';
import {
  PlaneTakeoff,
  ReceiptText,
  ScrollText,
  ShoppingBasket,
  TabletSmartphone,
  UsersRound,
} from '@lucide/vue';
import type { Component } from 'vue';
import type { ConsoleWords } from '../../web/console-words/words.ts';

export type NavItem = {
  readonly name: string;
  readonly text: keyof ConsoleWords['nav'];
  readonly icon: Component;
  /** Pages that belong to it. */
  readonly pages: readonly string[];
};

export const NAV: readonly {
  readonly title: keyof ConsoleWords['nav'];
  readonly items: readonly NavItem[];
}[] = [
  {
    title: 'work',
    items: [
      { name: 'overview', text: 'overview', icon: LayoutDashboard, pages: ['overview'] },
      { name: 'flights', text: 'flights', icon: PlaneTakeoff, pages: ['flights', 'flight'] },
      { name: 'follow-ups', text: 'followUps', icon: ListChecks, pages: ['follow-ups'] },
    ],
  },
  {
    title: 'money',
    items: [
      { name: 'orders', text: 'orders', icon: ReceiptText, pages: ['orders', 'order'] },
      { name: 'batches', text: 'batches', icon: FileBox, pages: ['batches', 'batch'] },
      { name: 'differences', text: 'differences', icon: ArrowLeftRight, pages: ['differences'] },
      { name: 'risk', text: 'risk', icon: ChartNoAxesCombined, pages: ['risk'] },
    ],
  },
  {
    title: 'people',
    items: [
      { name: 'members', text: 'members', icon: UsersRound, pages: ['members'] },
      { name: 'deny-list', text: 'denyList', icon: Ban, pages: ['deny-list'] },
    ],
  },
  {
    title: 'machines',
    items: [
      { name: 'catalogue', text: 'catalogue', icon: ShoppingBasket, pages: ['catalogue'] },
      { name: 'fleet', text: 'fleet', icon: TabletSmartphone, pages: ['fleet'] },
      { name: 'audit', text: 'audit', icon: ScrollText, pages: ['audit'] },
    ],
  },
];
