import NextAuth, { CredentialsSignin, type NextAuthConfig } from "next-auth";
import Credentials from "next-auth/providers/credentials";
import { AppError } from "@/domain/errors";
import { credentials } from "@/domain/identity/contracts";
import { forRequest, type ServiceContext } from "../context";
import { newId } from "../ids";
import { processContext } from "../process";
import { actorBySession } from "./authenticate";
import { addressOf } from "./client-address";
import { isSecureSite, SESSION_LIFETIME_MS, sessionCookieName } from "./session-cookie";
import { signIn as openSession } from "./sign-in";
import { signOut as endSession } from "./sign-out";

/** A refused sign-in with the sentence that the page shows. */
export class SignInRefused extends CredentialsSignin {
  constructor(readonly refusal: AppError) {
    super();
    this.code = refusal.reason;
  }
}

async function authorizeCredentials(ctx: ServiceContext, given: unknown, request: Request) {
  const parsed = credentials.safeParse(given);
  if (!parsed.success)
    throw new SignInRefused(
      new AppError("invalid_input", "credentials", "Give your e-mail address and your password."),
    );
  try {
    const origin = { address: addressOf(request.headers), userAgent: request.headers.get("user-agent") };
    const { sessionId } = await openSession(forRequest(ctx, newId()), parsed.data, origin);
    return { id: sessionId };
  } catch (error) {
    if (error instanceof AppError) throw new SignInRefused(error);
    throw error;
  }
}

/** Auth.js issues and clears the cookie; who is signed in is read from Postgres on each request (`authenticate`). */
function configuration(): NextAuthConfig {
  const ctx = processContext();
  const cookieName = sessionCookieName(ctx);
  return {
    basePath: "/api/auth",
    secret: ctx.config.authSecret,
    trustHost: true,
    useSecureCookies: isSecureSite(ctx),
    pages: { signIn: "/sign-in", signOut: "/sign-in", error: "/sign-in" },
    session: { strategy: "jwt", maxAge: SESSION_LIFETIME_MS / 1_000 },
    cookies: {
      sessionToken: {
        name: cookieName,
        options: { httpOnly: true, sameSite: "lax", path: "/", secure: isSecureSite(ctx) },
      },
    },
    providers: [
      Credentials({
        credentials: { email: {}, password: {} },
        authorize: (given, request) => authorizeCredentials(ctx, given, request),
      }),
    ],
    callbacks: {
      /** `user.id` is the id of the session row: it is all that the cookie gets to carry. */
      async jwt({ token, user }) {
        if (user?.id) return { sid: user.id };
        return typeof token.sid === "string" && (await actorBySession(ctx, token.sid)) ? { sid: token.sid } : null;
      },
      session: ({ session }) => ({ expires: session.expires }),
      redirect: ({ url, baseUrl }) => (url.startsWith("/") && !url.startsWith("//") ? `${baseUrl}${url}` : baseUrl),
    },
    events: {
      async signOut(message) {
        const sid = "token" in message ? message.token?.sid : null;
        if (typeof sid === "string") await endSession(forRequest(ctx, newId()), sid);
      },
    },
    logger: {
      error: (error) =>
        ctx.log[error instanceof CredentialsSignin ? "info" : "error"](
          { reason: error.name, err: error instanceof CredentialsSignin ? undefined : error },
          "sign-in",
        ),
      warn: (code) => ctx.log.debug({ code }, "sign-in"),
      debug: () => undefined,
    },
  };
}

export const { handlers, signIn, signOut } = NextAuth(configuration);
