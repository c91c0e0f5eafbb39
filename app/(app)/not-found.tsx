import { PageFrame } from "@/components/shell/page-frame";
import { routes } from "@/components/shell/routes";
import { ButtonLink } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";

/** Inside the frame: something of a project that is not there, or not for this person. */
export default function NotFound() {
  return (
    <PageFrame crumbs={[]} title="Not found">
      <EmptyState
        title="There is nothing at this address"
        hint="It may have been removed, the link may be cut short, or it belongs to a project in which you have no role."
        action={
          <ButtonLink tone="primary" href={routes.home()}>
            Go home
          </ButtonLink>
        }
      />
    </PageFrame>
  );
}
