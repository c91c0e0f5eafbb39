import { z } from "zod";
import {
  acceptInvitationInput,
  changePasswordInput,
  createServiceAccountInput,
  createServiceTokenInput,
  createTokenByPasswordInput,
  createTokenInput,
  decideGrantInput,
  invitationInput,
  inviteInput,
  inviteToOrganisationInput,
  personInput,
  resetPasswordInput,
  roleOfPersonInput,
  serviceInput,
  sessionInput,
  setUpInput,
  standingOfPersonInput,
  tokenInput,
} from "@/domain/identity/contracts";
import { organisationProcedure, projectProcedure, publicProcedure, router, signedInProcedure } from "../trpc/init";
import { acceptInvitation } from "./accept-invitation";
import { changePassword } from "./change-password";
import { closeServiceAccount } from "./close-service-account";
import { createResetLink } from "./create-reset-link";
import { createServiceAccount } from "./create-service-account";
import { createServiceToken } from "./create-service-token";
import { createToken, createTokenByPassword } from "./create-token";
import { deactivatePerson } from "./deactivate-person";
import { decideGrant } from "./decide-grant";
import { grantRole } from "./grant-role";
import { invite, inviteToOrganisation } from "./invite";
import {
  dutiesOf,
  listGrants,
  listInvitations,
  listMembers,
  listPeople,
  listServiceAccounts,
  listSessions,
  listTokens,
  whoAmI,
} from "./queries";
import { reactivatePerson } from "./reactivate-person";
import { removeRole } from "./remove-role";
import { resetPassword } from "./reset-password";
import { revokeInvitation } from "./revoke-invitation";
import { revokeSession } from "./revoke-session";
import { revokeServiceToken, revokeToken } from "./revoke-token";
import { setStanding } from "./set-standing";
import { setUp } from "./set-up";

export const identityRouter = router({
  // With a one-time secret, or a password: nobody is signed in yet.
  setUp: publicProcedure.input(setUpInput).mutation(({ ctx, input }) => setUp(ctx, input)),
  acceptInvitation: publicProcedure
    .input(acceptInvitationInput)
    .mutation(({ ctx, input }) => acceptInvitation(ctx, input)),
  resetPassword: publicProcedure.input(resetPasswordInput).mutation(({ ctx, input }) => resetPassword(ctx, input)),
  createTokenByPassword: publicProcedure
    .input(createTokenByPasswordInput)
    .mutation(({ ctx, input }) =>
      createTokenByPassword(ctx, input, { address: ctx.address ?? "unknown", userAgent: null }),
    ),

  // One's own account.
  me: signedInProcedure.query(({ ctx }) => whoAmI(ctx, ctx.actor)),
  changePassword: signedInProcedure
    .input(changePasswordInput)
    .mutation(({ ctx, input }) =>
      changePassword(ctx, ctx.actor, { ...input, origin: { address: ctx.address ?? "unknown", userAgent: null } }),
    ),
  sessions: signedInProcedure.query(({ ctx }) => listSessions(ctx, ctx.actor)),
  revokeSession: signedInProcedure
    .input(sessionInput)
    .mutation(({ ctx, input }) => revokeSession(ctx, ctx.actor, input.sessionId)),
  tokens: signedInProcedure
    .input(z.object({ projectId: z.uuid().optional() }))
    .query(({ ctx, input }) => listTokens(ctx, ctx.actor, input.projectId)),
  createToken: signedInProcedure
    .input(createTokenInput)
    .mutation(({ ctx, input }) => createToken(ctx, ctx.actor, input)),
  revokeToken: signedInProcedure
    .input(tokenInput)
    .mutation(({ ctx, input }) => revokeToken(ctx, ctx.actor, input.tokenId)),

  // A project's members and service accounts.
  members: projectProcedure("projects.read").query(({ ctx }) => listMembers(ctx, ctx.scope)),
  invitations: projectProcedure("identity.invite").query(({ ctx }) => listInvitations(ctx, ctx.scope)),
  invite: projectProcedure("identity.invite")
    .input(inviteInput)
    .mutation(({ ctx, input }) => invite(ctx, ctx.scope, input)),
  revokeInvitation: projectProcedure("identity.invite")
    .input(invitationInput)
    .mutation(({ ctx, input }) => revokeInvitation(ctx, ctx.scope, input.invitationId)),
  grantRole: projectProcedure("identity.invite")
    .input(roleOfPersonInput)
    .mutation(({ ctx, input }) => grantRole(ctx, ctx.scope, input)),
  removeRole: projectProcedure("identity.invite")
    .input(roleOfPersonInput)
    .mutation(({ ctx, input }) => removeRole(ctx, ctx.scope, input)),
  serviceAccounts: projectProcedure("projects.read").query(({ ctx }) => listServiceAccounts(ctx, ctx.scope)),
  createServiceAccount: projectProcedure("identity.manage_services")
    .input(createServiceAccountInput)
    .mutation(({ ctx, input }) => createServiceAccount(ctx, ctx.scope, input)),
  closeServiceAccount: projectProcedure("identity.manage_services")
    .input(serviceInput)
    .mutation(({ ctx, input }) => closeServiceAccount(ctx, ctx.scope, input.serviceId)),
  createServiceToken: projectProcedure("identity.manage_services")
    .input(createServiceTokenInput)
    .mutation(({ ctx, input }) => createServiceToken(ctx, ctx.scope, input)),
  revokeServiceToken: projectProcedure("identity.manage_services")
    .input(tokenInput)
    .mutation(({ ctx, input }) => revokeServiceToken(ctx, ctx.scope, input.tokenId)),

  // The organisation.
  people: organisationProcedure("identity.read_people").query(({ ctx }) => listPeople(ctx, ctx.scope)),
  duties: organisationProcedure("identity.read_people")
    .input(personInput)
    .query(({ ctx, input }) => dutiesOf(ctx, ctx.scope, input.userId)),
  grants: organisationProcedure("identity.read_people").query(({ ctx }) => listGrants(ctx, ctx.scope)),
  inviteToOrganisation: organisationProcedure("identity.grant_restricted")
    .input(inviteToOrganisationInput)
    .mutation(({ ctx, input }) => inviteToOrganisation(ctx, ctx.scope, input)),
  setStanding: organisationProcedure("identity.grant_restricted")
    .input(standingOfPersonInput)
    .mutation(({ ctx, input }) => setStanding(ctx, ctx.scope, input)),
  decideGrant: organisationProcedure("identity.grant_restricted")
    .input(decideGrantInput)
    .mutation(({ ctx, input }) => decideGrant(ctx, ctx.scope, input)),
  createResetLink: organisationProcedure("identity.manage_people")
    .input(personInput)
    .mutation(({ ctx, input }) => createResetLink(ctx, ctx.scope, input.userId)),
  deactivatePerson: organisationProcedure("identity.manage_people")
    .input(personInput)
    .mutation(({ ctx, input }) => deactivatePerson(ctx, ctx.scope, input.userId)),
  reactivatePerson: organisationProcedure("identity.manage_people")
    .input(personInput)
    .mutation(({ ctx, input }) => reactivatePerson(ctx, ctx.scope, input.userId)),
});
