import http from 'node:http';
import https, { type RequestOptions } from 'node:https';
import { syncBuiltinESMExports } from 'node:module';

/** Where CloudFormation waits for the answer of a custom resource's function: on AWS an address of S3, here of this machine. */
const RESPONSE_PATH = /^\/_local\/cfn-response\//;

type Given = Parameters<typeof https.request>;

const pathOf = (target: string | URL | RequestOptions): string | null | undefined =>
  typeof target === 'string' || target instanceof URL
    ? URL.parse(String(target))?.pathname
    : (target.path ?? ('pathname' in target ? String(target.pathname) : undefined));

/**
 * Functions that answer CloudFormation ask for HTTPS and port 443 by themselves, whatever the address says:
 * that one request goes to the cloud on this machine, which has no certificate. All others stay as they are.
 */
export const installResponseUrl = (endpoint: string | undefined): void => {
  if (endpoint === undefined) return;
  const { hostname, port } = new URL(endpoint);
  const secure = https.request;
  const request = (...given: unknown[]): unknown => {
    const [target, ...others] = given;
    if (!isTarget(target) || !RESPONSE_PATH.test(pathOf(target) ?? ''))
      return Reflect.apply(secure, https, given);
    const options = others.find((other): other is RequestOptions => typeof other === 'object') ?? {};
    const callback = others.filter((other) => typeof other === 'function');
    const stated = typeof target === 'object' && !(target instanceof URL) ? target : options;
    const plain = { ...stated, protocol: 'http:', hostname, host: hostname, port, path: pathOf(target) };
    return Reflect.apply(http.request, http, [{ ...plain, agent: undefined }, ...callback]);
  };
  Object.assign(https, { request });
  syncBuiltinESMExports();
};

const isTarget = (value: unknown): value is Given[0] =>
  typeof value === 'string' || (typeof value === 'object' && value !== null);
