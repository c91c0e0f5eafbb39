"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { CodeXml } from "lucide-react";
import { type FormEvent, useState } from "react";
import { describeError } from "../providers/call-error";
import { usePermission, useProject } from "../providers/project";
import { useTRPC } from "../providers/trpc";
import { Button } from "../ui/button";
import { CodeBlock } from "../ui/code-block";
import { Dialog } from "../ui/dialog";
import { CallProblem } from "../ui/error-panel";
import { Field, Input } from "../ui/field";

/** Makes a token and shows the lines to paste, so that a script anywhere logs into this project. */
export function LogFromPython({ experiment }: { experiment: string }) {
  const [isOpen, setIsOpen] = useState(false);
  const write = usePermission("experiments.write");
  const hold = usePermission("identity.hold_tokens");
  return (
    <>
      <Button tone="primary" disabledReason={write.reason ?? hold.reason} onClick={() => setIsOpen(true)}>
        <CodeXml aria-hidden />
        Log from Python
      </Button>
      <Dialog
        isOpen={isOpen}
        onOpenChange={setIsOpen}
        title="Log from Python"
        description="Any script that uses the stock MLflow client logs here. It needs an address and a token of yours."
        width="lg"
      >
        {isOpen && <Steps experiment={experiment} onDone={() => setIsOpen(false)} />}
      </Dialog>
    </>
  );
}

function Steps({ experiment, onDone }: { experiment: string; onDone: () => void }) {
  const trpc = useTRPC();
  const project = useProject();
  const queryClient = useQueryClient();
  const [name, setName] = useState("my notebook");
  const create = useMutation(
    trpc.identity.createToken.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries(trpc.identity.pathFilter()),
    }),
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate({ projectId: project.id, name, scopes: ["read", "write"], expiresInDays: 90 });
  };
  const problem = create.error ? describeError(create.error) : null;
  if (!create.data) {
    return (
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field
          label="Name of the token"
          hint="Where it will be used. It may read and write in this project, is valid for 90 days, and never signs."
          error={problem?.fields.name}
        >
          {(field) => (
            <Input {...field} required maxLength={80} value={name} onChange={(event) => setName(event.target.value)} />
          )}
        </Field>
        {problem && <CallProblem error={problem} />}
        <div className="flex justify-end">
          <Button type="submit" tone="primary" isPending={create.isPending}>
            Make token and show the lines
          </Button>
        </div>
      </form>
    );
  }
  return (
    <div className="flex flex-col gap-4 text-sm">
      <p className="text-muted">The token is shown once: only its fingerprint is kept.</p>
      <Step title="1 · In the shell">
        <CodeBlock label="shell lines" code={shellLines(window.location.origin, create.data.token)} />
      </Step>
      <Step title="2 · In the script">
        <CodeBlock label="script lines" code={scriptLines(experiment)} />
      </Step>
      <Step title="3 · To register a model as well">
        <CodeBlock label="registration lines" code={REGISTER} />
      </Step>
      <div className="flex justify-end">
        <Button tone="primary" onClick={onDone}>
          I have copied them
        </Button>
      </div>
    </div>
  );
}

function Step({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section className="flex min-w-0 flex-col gap-1.5">
      <h3 className="font-semibold">{title}</h3>
      {children}
    </section>
  );
}

function shellLines(origin: string, token: string): string {
  return `pip install mlflow-skinny onnx
export MLFLOW_TRACKING_URI=${origin}
export MLFLOW_TRACKING_TOKEN=${token}`;
}

function scriptLines(experiment: string): string {
  return `import mlflow

mlflow.set_experiment(${JSON.stringify(experiment)})
with mlflow.start_run():
    mlflow.log_params({"C": 0.6, "penalty": "l2"})
    for step in range(10):
        mlflow.log_metric("accuracy", 0.7 + step / 100, step=step)`;
}

const REGISTER = `# inside of the run, with a model that was converted to ONNX:
mlflow.onnx.log_model(onnx_model, name="model", registered_model_name="my-model")`;
