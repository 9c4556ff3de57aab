import { type KafkaClient, NOTHING_COMMITTED } from '../kafka/client.ts';
import type { KafkaSettings } from './kafka-settings.ts';

/**
 * Lets a group that has read nothing begin at a time. The other positions the group's members take themselves; a group
 * that has read before goes on where it was.
 */
export const beginGroupAt = async (
  kafka: KafkaClient,
  groupId: string,
  settings: KafkaSettings,
): Promise<void> => {
  if (settings.start.type !== 'AT_TIMESTAMP') return;
  const { topic, start } = settings;
  const admin = kafka.admin();
  try {
    await admin.connect();
    const [committed] = await admin.fetchOffsets({ groupId, topics: [topic] });
    if (committed?.partitions.some(({ offset }) => offset !== NOTHING_COMMITTED)) return;
    const partitions = await admin.fetchTopicOffsetsByTimestamp(topic, start.at);
    await admin.setOffsets({ groupId, topic, partitions });
  } finally {
    await admin.disconnect();
  }
};
