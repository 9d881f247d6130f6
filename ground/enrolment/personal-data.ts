/** What is sealed for what: a passenger's masked name, and the wallet's user id. */
export const NAME_SEAL = 'passenger-name';
export const ACCOUNT_SEAL = 'passenger-account';
