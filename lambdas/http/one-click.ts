const NAME = 'List-Unsubscribe';
const VALUE = 'One-Click';

/** The part of a multipart form with that name and value, whatever other headers it has. */
const FORM_PART = new RegExp(`name="${NAME}"\\r\\n(?:[^\\r\\n]+\\r\\n)*\\r\\n${VALUE}\\r\\n`);

/** Whether this is what a mail program posts for its user, as a form of either kind (RFC 8058, 3.2). */
export const isOneClick = (body: string): boolean =>
  new URLSearchParams(body.trim()).get(NAME) === VALUE || FORM_PART.test(body);
