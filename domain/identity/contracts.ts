import { z } from "zod";
import { FREE_ROLES, RESTRICTED_ROLES, STANDINGS } from "./grants";

const personName = z.string().trim().min(1, "A name is needed.").max(80);
/** Compared in lower case everywhere. */
export const email = z.string().trim().max(254).pipe(z.email("This is not an e-mail address."));
const secret = z.string().min(20).max(100);

export const PASSWORD_MIN = 12;
const PASSWORD_MAX = 200;
export const newPassword = z
  .string()
  .min(PASSWORD_MIN, `A password has at least ${PASSWORD_MIN} characters.`)
  .max(PASSWORD_MAX, `A password has at most ${PASSWORD_MAX} characters.`);
/** What is compared: never refused for its form, which would tell how passwords look here. */
const givenPassword = z.string().min(1, "A password is needed.").max(1_000);

export const credentials = z.object({ email, password: givenPassword });
export type Credentials = z.infer<typeof credentials>;

export const setUpInput = z.object({
  secret,
  organisation: z.string().trim().min(1, "A name is needed.").max(80),
  name: personName,
  email,
  password: newPassword,
});
export type SetUp = z.infer<typeof setUpInput>;

export const memberRole = z.enum([...FREE_ROLES, ...RESTRICTED_ROLES]);
export type MemberRole = z.infer<typeof memberRole>;

export const inviteInput = z.object({ email, roles: z.array(memberRole).min(1, "Choose at least one role.").max(7) });
export type Invite = z.infer<typeof inviteInput>;
export const inviteToOrganisationInput = z.object({ email, standing: z.enum(STANDINGS) });
export type InviteToOrganisation = z.infer<typeof inviteToOrganisationInput>;
export const acceptInvitationInput = z.object({ secret, name: personName, password: newPassword });
export type AcceptInvitation = z.infer<typeof acceptInvitationInput>;
export const invitationInput = z.object({ invitationId: z.uuid() });

export const roleOfPersonInput = z.object({ userId: z.uuid(), role: memberRole });
export type RoleOfPerson = z.infer<typeof roleOfPersonInput>;
export const standingOfPersonInput = z.object({ userId: z.uuid(), standing: z.enum(["member", ...STANDINGS]) });
export type StandingOfPerson = z.infer<typeof standingOfPersonInput>;
export const decideGrantInput = z.object({ grantId: z.uuid(), isGranted: z.boolean() });
export type DecideGrant = z.infer<typeof decideGrantInput>;

export const personInput = z.object({ userId: z.uuid() });
export const changePasswordInput = z.object({
  currentPassword: givenPassword,
  newPassword,
  /** Ends the person's own tokens too, of every project. */
  areTokensRevoked: z.boolean().default(false),
});
export type ChangePassword = z.infer<typeof changePasswordInput>;
export const resetPasswordInput = z.object({ secret, newPassword });
export type ResetPassword = z.infer<typeof resetPasswordInput>;
export const sessionInput = z.object({ sessionId: z.uuid() });

export const tokenScope = z.enum(["read", "write", "predict", "sign"]);
const tokenName = z.string().trim().min(1, "A name is needed.").max(80);
const lifetime = z.number().int().min(1).max(365).default(90);
const scopes = z.array(tokenScope).min(1, "Choose at least one scope.").max(4);

/** `projectId` null: the organisation, for an administrator's token only. */
export const createTokenInput = z.object({
  projectId: z.uuid().nullable(),
  name: tokenName,
  scopes,
  expiresInDays: lifetime,
});
export type CreateToken = z.infer<typeof createTokenInput>;
export const createTokenByPasswordInput = createTokenInput.extend(credentials.shape);
export type CreateTokenByPassword = z.infer<typeof createTokenByPasswordInput>;
export const tokenInput = z.object({ tokenId: z.uuid() });

export const createServiceAccountInput = z.object({ name: personName });
export type CreateServiceAccount = z.infer<typeof createServiceAccountInput>;
export const createServiceTokenInput = z.object({
  serviceId: z.uuid(),
  name: tokenName,
  scopes: z
    .array(tokenScope.exclude(["sign"]))
    .min(1)
    .max(3),
  expiresInDays: lifetime,
});
export type CreateServiceToken = z.infer<typeof createServiceTokenInput>;
export const serviceInput = z.object({ serviceId: z.uuid() });
