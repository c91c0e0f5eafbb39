import type { ServiceContext } from "../context";

export type Loop = { readonly wake: () => void; readonly stop: () => Promise<void> };

type LoopOptions = {
  readonly name: string;
  readonly everyMs: number;
  /** Answers true when more is waiting and the next turn should follow at once. */
  readonly work: () => Promise<boolean>;
};

/** Repeats `work`, one turn at a time: every `everyMs`, and at once when woken. A failed turn is logged and the next one follows. */
export function startLoop(ctx: Pick<ServiceContext, "log">, { name, everyMs, work }: LoopOptions): Loop {
  let isStopped = false;
  let isWoken = false;
  let endPause: () => void = () => undefined;

  const pause = () =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, everyMs);
      endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  async function turn(): Promise<boolean> {
    try {
      return await work();
    } catch (error) {
      if (!isStopped) ctx.log.warn({ err: error, loop: name }, "a background turn failed");
      return false;
    }
  }

  async function run(): Promise<void> {
    while (!isStopped) {
      isWoken = false;
      const hasMore = await turn();
      if (!isStopped && !hasMore && !isWoken) await pause();
    }
  }

  const running = run();
  return {
    wake: () => {
      isWoken = true;
      endPause();
    },
    stop: async () => {
      isStopped = true;
      endPause();
      await running;
    },
  };
}
