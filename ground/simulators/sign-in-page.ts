// The wallet's own page a phone is sent to: who are you, and do you allow this merchant to charge after landing?
// Plain HTML without a script; a browser test finds its parts by `data-testid`.
import type { People, Person, PersonFacts } from './people.ts';

export type SignInPage = {
  readonly brand: { readonly zh: string; readonly en: string; readonly color: string };
  readonly merchant: string;
  /** Where the form goes, and what it brings back unread. */
  readonly action: string;
  readonly hidden: Readonly<Record<string, string>>;
};

/** Whom the page offers to be. Each choice is somebody new, so that one browser can sign up again and again. */
type Persona = { readonly zh: string; readonly en: string; readonly facts: Omit<PersonFacts, 'account'> };

const PERSONAS: Readonly<Record<string, Persona | undefined>> = {
  ordinary: { zh: '普通用户,当场付款', en: 'Ordinary, pays at once', facts: { score: 720 } },
  tries: {
    zh: '余额不足,第四次扣款成功',
    en: 'Pays at the fourth try',
    facts: { score: 700, pays: { how: 'after-tries', tries: 3 } },
  },
  late: {
    zh: '稍后自己付款',
    en: 'Pays later, in the wallet',
    facts: { score: 690, pays: { how: 'late', ms: 8000 } },
  },
  never: { zh: '一直不付款', en: 'Never pays', facts: { score: 680, pays: { how: 'never' } } },
  refused: { zh: '评估不通过', en: 'Not accepted by the wallet', facts: { score: 540 } },
  overdue: { zh: '有逾期订单', en: 'Has an overdue order', facts: { score: 710, hasOverdue: true } },
  youth: { zh: '青少年模式', en: 'Youth mode', facts: { score: 730, isYouth: true } },
};

/** Who sent the form: a fresh somebody for a persona, or the test person named in `account`. */
export function choosePerson(form: URLSearchParams, people: People, newAccount: () => string): Person | null {
  const account = form.get('account');
  if (account !== null) return people.find(account);
  const name = form.get('person') ?? '';
  const persona = Object.hasOwn(PERSONAS, name) ? PERSONAS[name] : undefined;
  return persona === undefined ? null : people.add({ ...persona.facts, account: newAccount() });
}

export function composeSignInPage(page: SignInPage): string {
  const { brand, merchant, action, hidden } = page;
  const fields = Object.entries(hidden).map(
    ([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`,
  );
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(brand.zh)} · 模拟 / Simulator</title>
<style>${STYLE.replaceAll('$brand', brand.color)}</style></head>
<body><header><span class="mark">${escapeHtml([...brand.zh][0] ?? '')}</span>
<div><b>${escapeHtml(brand.zh)}</b><small>${escapeHtml(brand.en)}</small></div>
<em>模拟 · Simulator</em></header>
<main><h1>${escapeHtml(merchant)}<small>申请在您落地后自动扣款<br>asks to charge you after landing</small></h1>
<ul><li>先享用,落地后付款 · Enjoy now, pay after landing</li>
<li>商家看不到您的信用评估 · The merchant never sees your credit assessment</li></ul>
<form method="post" action="${escapeHtml(action)}">${fields.join('')}
<fieldset><legend>测试用户 <small>Test person</small></legend>${Object.entries(PERSONAS).map(composePerson).join('')}</fieldset>
<button class="allow" name="decision" value="allow" data-testid="allow">同意授权 <small>Allow</small></button>
<button class="refuse" name="decision" value="refuse" data-testid="refuse">拒绝 <small>Refuse</small></button>
</form></main></body></html>`;
}

function composePerson([name, persona]: [string, Persona | undefined], index: number): string {
  const checked = index === 0 ? ' checked' : '';
  return `<label data-testid="person-${name}"><input type="radio" name="person" value="${name}"${checked}><span><b>${escapeHtml(persona?.zh ?? '')}</b><small>${escapeHtml(persona?.en ?? '')}</small></span></label>`;
}

/** Where the browser goes back to. */
export function returnAddress(redirectUri: string, facts: Readonly<Record<string, string>>): string | null {
  if (!URL.canParse(redirectUri)) return null;
  const address = new URL(redirectUri);
  if (address.protocol !== 'http:' && address.protocol !== 'https:') return null;
  for (const [name, value] of Object.entries(facts)) address.searchParams.set(name, value);
  return address.toString();
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${(char.codePointAt(0) ?? 0).toString()};`);
}

const STYLE = `
:root{color-scheme:light}*{box-sizing:border-box}
body{margin:0;font:16px/1.45 system-ui,"PingFang SC","Noto Sans SC",sans-serif;background:#f4f5f6;color:#1a1c1e}
header{display:flex;align-items:center;gap:12px;padding:16px 20px;background:$brand;color:#fff}
header .mark{width:40px;height:40px;border-radius:12px;background:#fff;color:$brand;display:grid;place-items:center;font-weight:700;font-size:20px}
header div{display:grid;flex:1}header small{opacity:.9}header em{font-style:normal;font-size:12px;padding:4px 10px;border-radius:99px;background:rgb(0 0 0/.28)}
main{max-width:480px;margin:0 auto;padding:20px}
h1{font-size:22px;margin:8px 0 12px}h1 small{display:block;font-size:15px;font-weight:400;color:#4d5257;margin-top:4px}
ul{margin:0 0 18px;padding:0;list-style:none;color:#4d5257;font-size:13px}li{padding:3px 0 3px 22px;position:relative}
li::before{content:"✓";position:absolute;left:2px;color:$brand;font-weight:700}
fieldset{border:0;margin:0 0 20px;padding:6px;background:#fff;border-radius:16px}
legend{font-size:13px;color:#4d5257;padding:0 4px 8px;float:left;width:100%;margin:8px 8px 0}
label{display:flex;align-items:center;gap:14px;min-height:56px;padding:8px 12px;border-radius:12px;clear:both;cursor:pointer}
label:has(input:checked){background:color-mix(in srgb,$brand 10%,#fff)}
label span{display:grid}label b{font-weight:600}label small{color:#5a6067;font-size:13px}
input{width:22px;height:22px;accent-color:$brand;flex:none}
input:focus-visible,button:focus-visible{outline:3px solid #1a1c1e;outline-offset:2px}
button{display:block;width:100%;min-height:54px;border:0;border-radius:14px;font:inherit;font-size:17px;font-weight:600;margin-bottom:12px;cursor:pointer}
button small{font-weight:400;font-size:14px;margin-left:6px}
.allow{background:$brand;color:#fff}.refuse{background:#e4e6e8;color:#1a1c1e}`;
