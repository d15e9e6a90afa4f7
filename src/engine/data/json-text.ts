/** An object or array as a file holds it, parsed when a query first asks for its column. */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}
