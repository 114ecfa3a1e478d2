import { DelegatingEngine } from './delegating_engine';
import type { Engine, Wave, WaveInput } from './engine';
import type { Plan } from './plan';
import { ask, questionAbout, type Question } from './question';

/** An engine that first answers a question whose answer is known, once for each family of plans that it is given. */
export class ProvedEngine extends DelegatingEngine {
  private readonly answers = new Map<string, Promise<void>>();
  /** The answers by plan, so that a question is made up once only. */
  private readonly ofPlans = new Map<string, Promise<void>>();

  /** @param proved called whenever it has answered rightly */
  constructor(
    engine: Engine,
    private readonly proved: () => void = () => undefined,
  ) {
    super(engine);
  }

  /** @throws EngineFaultError */
  override async open(input: WaveInput): Promise<Wave> {
    // Together, since both want the same pipelines.
    const opening = this.engine.open(input);
    opening.catch(() => undefined); // it is waited for below, perhaps later than it fails
    try {
      await this.answeredAbout(input.plan);
    } catch (error) {
      await opening.then(
        (wave) => wave.close(),
        () => undefined, // what is wrong has been said already
      );
      throw error;
    }
    return opening;
  }

  private answeredAbout(plan: Plan): Promise<void> {
    let answer = this.ofPlans.get(plan.key);
    if (!answer) this.ofPlans.set(plan.key, (answer = this.answered(questionAbout(plan))));
    return answer;
  }

  private answered(question: Question): Promise<void> {
    let answer = this.answers.get(question.family);
    if (!answer) {
      answer = ask(this.engine, question).then(() => this.proved());
      this.answers.set(question.family, answer);
    }
    return answer;
  }
}
