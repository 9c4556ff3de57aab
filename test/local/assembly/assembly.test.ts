import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { readAssembly } from '../../../local/assembly/assembly.ts';
import { Assets } from '../../../local/assembly/assets.ts';
import { environment } from './scopes.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'assembly-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const write = (path: string, content: unknown): void => {
  mkdirSync(join(directory, path, '..'), { recursive: true });
  writeFileSync(join(directory, path), JSON.stringify(content));
};
const stack = (templateFile: string, others: object = {}) => ({
  type: 'aws:cloudformation:stack',
  properties: { templateFile },
  ...others,
});

test('the stacks of an app and of its stages are read, with their order, names and construct paths', () => {
  write('manifest.json', {
    version: '55.0.0',
    artifacts: {
      'assembly-Prod': {
        type: 'cdk:cloud-assembly',
        properties: { directoryName: 'assembly-Prod' },
        dependencies: ['Base'],
      },
      Base: stack('base.json', { additionalMetadataFile: 'base.metadata.json' }),
      Tree: { type: 'cdk:tree', properties: { file: 'tree.json' } },
    },
  });
  write('base.json', { Resources: { Q1: { Type: 'AWS::SQS::Queue' } } });
  write('base.metadata.json', { '/Base/Queue/Resource': [{ type: 'aws:cdk:logicalId', data: 'Q1' }] });
  write('assembly-Prod/manifest.json', {
    version: '55.0.0',
    artifacts: {
      Inner: {
        type: 'aws:cloudformation:stack',
        properties: { templateFile: 'i.json', stackName: 'Prod-Inner' },
      },
    },
  });
  write('assembly-Prod/i.json', { Resources: {} });

  const { stacks } = readAssembly(directory);

  expect(stacks.map(({ name, dependencies }) => ({ name, dependencies }))).toEqual([
    { name: 'Prod-Inner', dependencies: ['Base'] },
    { name: 'Base', dependencies: [] },
  ]);
  expect(stacks[1]?.paths.get('Q1')).toBe('Base/Queue/Resource');
});

describe('what cannot be read is one line that says what to do', () => {
  const manifest = (artifacts: object, version = '55.0.0') => write('manifest.json', { version, artifacts });

  test.each<[string, () => void, string]>([
    ['no assembly at all', () => undefined, 'manifest.json does not exist: synthesize the app first'],
    [
      'a broken manifest',
      () => writeFileSync(join(directory, 'manifest.json'), '{"version"'),
      'manifest.json is broken',
    ],
    ['no stack', () => manifest({}), 'has no stack: synthesize the app first'],
    ['a template that is missing', () => manifest({ S: stack('gone.json') }), 'gone.json does not exist'],
    ['CDK 1', () => manifest({}, '2.0.0'), 'cloud assembly of CDK 1'],
    ['an artifact of another kind', () => manifest({ X: { type: 'moon:landing' } }), 'artifacts.X.type'],
    [
      'a section that is not known',
      () => {
        manifest({ S: stack('s.json') });
        write('s.json', { Resources: {}, Hooks: {} });
      },
      'Unrecognized key: "Hooks"',
    ],
  ])('%s', (_, prepare, message) => {
    prepare();

    expect(() => readAssembly(directory)).toThrow(message);
    expect(() => readAssembly(directory)).not.toThrow(/\n/);
  });
});

describe('an asset is found by the bucket and key that the template resolves to', () => {
  const assets = (file: string) =>
    new Assets(
      [
        {
          bucket: 'assets-$' + '{AWS::AccountId}-$' + '{AWS::Region}',
          key: 'k',
          file: join(directory, file),
        },
      ],
      environment,
      directory,
    );

  test('a directory as it is', () => {
    mkdirSync(join(directory, 'asset.1'));

    expect(assets('asset.1').locate('assets-000000000000-us-east-1', 'k')).toBe(join(directory, 'asset.1'));
  });

  test('a zip file unpacked, stored and deflated entries alike', () => {
    writeFileSync(
      join(directory, 'asset.2.zip'),
      zipOf({ 'index.js': 'code', 'lib/a.js': 'x'.repeat(5000) }),
    );

    const unpacked = assets('asset.2.zip').locate('assets-000000000000-us-east-1', 'k');

    expect(readFileSync(join(unpacked, 'index.js'), 'utf8')).toBe('code');
    expect(readFileSync(join(unpacked, 'lib/a.js'), 'utf8')).toBe('x'.repeat(5000));
  });

  test('a zip file whose entries lead out of it is refused', () => {
    writeFileSync(join(directory, 'asset.3.zip'), zipOf({ '../evil.js': 'code' }));

    expect(() => assets('asset.3.zip').locate('assets-000000000000-us-east-1', 'k')).toThrow(
      'leads out of it',
    );
  });

  test('a file that is no zip file is refused', () => {
    writeFileSync(join(directory, 'asset.4.zip'), 'no zip');

    expect(() => assets('asset.4.zip').locate('assets-000000000000-us-east-1', 'k')).toThrow(
      'it is no zip file',
    );
  });

  test('one that the assembly does not have is named', () => {
    expect(() => assets('x').locate('other', 'k')).toThrow('there is no asset s3://other/k');
  });

  test('one that is not on the disk is named', () => {
    expect(() => assets('gone').locate('assets-000000000000-us-east-1', 'k')).toThrow('gone is missing');
  });
});

/** A zip file with the fields that a reader needs; short entries are stored, long ones deflated. */
const zipOf = (files: Readonly<Record<string, string>>): Buffer => {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const content = Buffer.from(text);
    const method = content.length > 100 ? 8 : 0;
    const data = method === 8 ? deflateRawSync(content) : content;
    const head = Buffer.alloc(30);
    head.writeUInt32LE(0x04034b50, 0);
    head.writeUInt16LE(method, 8);
    head.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(method, 10);
    entry.writeUInt32LE(data.length, 20);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(offset, 42);
    local.push(head, Buffer.from(name), data);
    central.push(entry, Buffer.from(name));
    offset += head.length + name.length + data.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...local, ...central, end]);
};
