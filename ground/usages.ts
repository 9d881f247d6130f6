// How each command on ground's data is called: for the list of commands, and for whoever got it wrong. Loads nothing.
export const USAGES = {
  receive: 'receive FILE.cpb...|DIR [--airline CODE]',
  result: 'result --batch ID [--out DIR] [--airline CODE]',
  'make-airline': 'make-airline FILE.json',
  'make-flight': 'make-flight FILE.json',
  'make-pack': 'make-pack --leg LEG',
  'enroll-device': 'enroll-device --airline CODE --dev ID --key PUBLIC.jwk.json',
  'revoke-device': 'revoke-device --airline CODE --dev ID --ep N --why TEXT [--lost-since TIME]',
  'add-member': 'add-member --airline CODE --order NUMBER --tier N --label TEXT',
  'add-preorder': 'add-preorder --leg LEG FILE.json',
  'save-catalogue': 'save-catalogue --airline CODE [--from YYYY-MM-DD] FILE.json',
  'save-crew': 'save-crew --airline CODE FILE.json',
  'save-merchant': 'save-merchant --airline CODE FILE.json',
  'replace-issuer': 'replace-issuer --airline CODE --wallet NUMBER',
  'import-partner': 'import-partner --airline CODE FILE.json',
  'import-statement': 'import-statement --airline CODE --wallet NUMBER --day YYYY-MM-DD [FILE]',
  'make-console-user':
    'make-console-user --name NAME --role finance|operations|viewer|administrator [--airline CODE]\n        [--password-stdin]; to shut somebody out: --name NAME --disable',
} as const;

export type DataCommandName = keyof typeof USAGES;
