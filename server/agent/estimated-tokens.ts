/** Of a language in Latin letters, roughly: there is no tokeniser here. */
export const CHARACTERS_PER_TOKEN = 4;

/** At about four characters each, as nobody counts the tokens of what broke off, or of what was not asked yet. */
export const estimatedTokens = (characters: number): number => Math.ceil(characters / CHARACTERS_PER_TOKEN);
