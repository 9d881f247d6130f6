/** What is sealed for what: a passenger's masked name, the wallet's user id, and the credential, which has the name in it. */
export const NAME_SEAL = 'passenger-name';
export const ACCOUNT_SEAL = 'passenger-account';
export const CREDENTIAL_SEAL = 'passenger-credential';
