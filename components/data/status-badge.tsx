import { Badge, TONE_TEXT } from "../ui/badge";
import { cn } from "../ui/cn";
import { type AnyStatus, statusLook } from "./status";

type Props = AnyStatus & {
  /** Instead of the usual word, where the page knows more: "Waiting for 1 of 2 people". */
  word?: string;
  className?: string;
};

/** `<StatusBadge kind="promotion" state={promotion.state} />` */
export function StatusBadge({ word, className, ...status }: Props) {
  const look = statusLook(status);
  return (
    <Badge tone={look.tone} icon={look.icon} isBreathing={look.isBreathing === true} {...(className && { className })}>
      {word ?? look.word}
    </Badge>
  );
}

/** Icon alone with the word for screen readers: where the place is narrow and the word stands near. */
export function StatusIcon({ word, className, ...status }: Props) {
  const look = statusLook(status);
  const Icon = look.icon;
  return (
    <span className={cn("inline-flex shrink-0", TONE_TEXT[look.tone], className)} title={word ?? look.word}>
      <Icon aria-hidden className={cn("size-3.5", look.isBreathing && "animate-breathe")} />
      <span className="sr-only">{word ?? look.word}</span>
    </span>
  );
}
