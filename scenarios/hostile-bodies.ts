/** What somebody writes who wants to be more than data: to the form of SQS, the JSON of Kinesis, or the mapping template. */
export const hostileTexts: readonly string[] = [
  '&DelaySeconds=900',
  '&MessageAttribute.1.Name=a&MessageAttribute.1.Value.DataType=String&MessageAttribute.1.Value.StringValue=b',
  '&Action=PurgeQueue',
  '%26DelaySeconds%3D900+a b',
  'a "quoted" text, it\'s \\ and \\" and \\\\',
  '"}',
  '","PartitionKey":"mine","Data":"',
  '$context.requestId $!{context.apiId} $input.body $util.urlEncode("x")',
  '#set($context.responseOverride.status = 500)',
  '#if(true)#stop#end ## comment #* comment *#',
  'lines\nand\r\nmore\tlines\u2028\u2029',
  'žluťoučký кофе 咖啡 🦊 \u202Ebackwards',
  '</Message><Attribute>',
  '<!DOCTYPE x [<!ENTITY e "e">]>&e;',
  '{{constructor}} %s %n',
];

/** What is no feedback: each has to be refused before the broker hears of it. `marker` tells where it went if it is not. */
export const badFeedback = (marker: string): Readonly<Record<string, string>> => ({
  'no body': '',
  'no JSON': `{"message":"${marker}"`,
  'another type': `["${marker}"]`,
  'a missing field': `{"rating":5,"note":"${marker}"}`,
  'an unknown field': `{"message":"${marker}","DelaySeconds":900}`,
  'a field of another type': `{"message":{"text":"${marker}"}}`,
  'an empty message': '{"message":""}',
  'a rating out of range': `{"message":"${marker}","rating":6}`,
  'a rating that is no whole number': `{"message":"${marker}","rating":4.5}`,
  'a raw control character': `{"message":"${marker} \u0000"}`,
});

export const badTelemetry = (marker: string): Readonly<Record<string, string>> => ({
  'no subject': `{"type":"scenario.direct","data":{"marker":"${marker}"}}`,
  'an empty subject': `{"type":"scenario.direct","subject":"","data":{"marker":"${marker}"}}`,
  'a subject that is no text': `{"type":"scenario.direct","subject":["a"],"data":{"marker":"${marker}"}}`,
  'a subject that is too long': `{"type":"scenario.direct","subject":"${'s'.repeat(257)}","data":{"marker":"${marker}"}}`,
  'data that is no object': `{"type":"scenario.direct","subject":"a","data":"${marker}"}`,
});
