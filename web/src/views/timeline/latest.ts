/**
 * Questions of which only the latest matters.
 *
 * In: questions, as fast as they come. Out: answers. Guaranteed: never more than one is under way; what was asked meanwhile is asked
 * next, and only the last of it; a question that fails is let go.
 */

export class Latest<Question, Answer> {
  #next: { readonly question: Question } | null = null;
  #isBusy = false;
  readonly #ask: (question: Question) => Promise<Answer>;
  readonly #onAnswer: (answer: Answer, question: Question) => void;

  constructor(ask: (question: Question) => Promise<Answer>, onAnswer: (answer: Answer, question: Question) => void) {
    this.#ask = ask;
    this.#onAnswer = onAnswer;
  }

  want(question: Question): void {
    this.#next = { question };
    void this.#run();
  }

  async #run(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    while (this.#next) {
      const { question } = this.#next;
      this.#next = null;
      try {
        this.#onAnswer(await this.#ask(question), question);
      } catch {
        // The worker ended; the page tells why.
      }
    }
    this.#isBusy = false;
  }
}
