/** Where the documentation is read; every rule, kind and error links below it. */
export const DOCS_URL = 'https://github.com/faultline-dev/faultline/blob/main/docs';
