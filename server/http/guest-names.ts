import { randomInt } from 'node:crypto';

/** Animals that nobody minds being called after; short enough for a conversation's header. */
// biome-ignore format: one word a line would be forty lines
const animals = [
  'Ibis', 'Heron', 'Otter', 'Gecko', 'Finch', 'Egret', 'Puffin', 'Lynx', 'Panda', 'Koala',
  'Robin', 'Swift', 'Falcon', 'Dolphin', 'Gazelle', 'Turtle', 'Kiwi', 'Lemur', 'Marmot', 'Ocelot',
  'Parrot', 'Quokka', 'Raven', 'Seal', 'Tapir', 'Urial', 'Vicuna', 'Wombat', 'Yak', 'Zebra',
  'Badger', 'Crane', 'Dormouse', 'Eland', 'Fox', 'Giraffe', 'Hare', 'Impala', 'Jackdaw', 'Kestrel',
];

/** What a guest is called until they say otherwise, such as "Guest Ibis 42". */
export function guestName(random: (below: number) => number = randomInt): string {
  return `Guest ${animals[random(animals.length)]} ${10 + random(90)}`;
}
