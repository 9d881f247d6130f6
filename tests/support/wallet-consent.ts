// What a passenger does on the wallet's own page: says who they are, and allows or refuses.

/**
 * Opens the page a browser was sent to, allows as this account, and goes back to ground the way the page says, with the
 * cookies of the phone that signs up. Answers the status of ground's page.
 */
export async function consentAs(
  account: string,
  walletAddress: string,
  cookie: string,
  isAllowed = true,
): Promise<number> {
  const page = await fetch(walletAddress);
  const html = await page.text();
  const action = /<form method="post" action="([^"]+)"/.exec(html)?.[1];
  if (action === undefined) throw new Error(`the wallet's page: ${page.status.toString()}`);
  const form = new URLSearchParams({ account, decision: isAllowed ? 'allow' : 'refuse' });
  for (const [, name = '', value = ''] of html.matchAll(
    /<input type="hidden" name="([^"]*)" value="([^"]*)">/g,
  )) {
    form.set(unescapeHtml(name), unescapeHtml(value));
  }
  const decided = await fetch(new URL(unescapeHtml(action), walletAddress), {
    method: 'POST',
    body: form,
    redirect: 'manual',
  });
  const back = decided.headers.get('location');
  if (back === null) throw new Error(`the wallet's answer: ${decided.status.toString()}`);
  const returned = await fetch(back, { redirect: 'manual', headers: { cookie } });
  return returned.status;
}

/** The pages write every special character as its number. */
function unescapeHtml(text: string): string {
  return text.replace(/&#(\d+);/g, (_whole, number: string) => String.fromCodePoint(Number(number)));
}
