/** Says nothing: only the answer counts. */
export default class Silent {}
