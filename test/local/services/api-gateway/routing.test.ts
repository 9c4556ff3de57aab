import { GatewayUnderTest } from './gateway-under-test.ts';

// As recorded on AWS: a hardcoded resource beside a greedy one that has another method.
test.each([
  ['POST', '/test', '/test', {}],
  ['OPTIONS', '/test', '/{proxy+}', { proxy: 'test' }],
  ['OPTIONS', '/test/any', '/test/any', {}],
  ['GET', '/test/any/', '/test/any', {}],
  ['GET', '/test/7', '/test/{id}', { id: '7' }],
  ['OPTIONS', '/test/7/more', '/{proxy+}', { proxy: 'test/7/more' }],
  ['OPTIONS', '/a//b', '/{proxy+}', { proxy: 'a//b' }],
  ['GET', '/', '/', {}],
  ['OPTIONS', '/', undefined, {}],
  ['GET', '/test', undefined, {}],
])('%s %s is for the resource %s', async (httpMethod, path, resource, parameters) => {
  await using gateway = new GatewayUnderTest();
  gateway.method('GET /').method('POST /test').method('ANY /test/any').method('GET /test/{id}');
  gateway.method('OPTIONS /{proxy+}');

  const route = gateway.api.route(httpMethod, path);

  expect(route?.resourcePath).toBe(resource);
  expect(route?.pathParameters ?? {}).toEqual(parameters);
});
