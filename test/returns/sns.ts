import { sign } from 'node:crypto';

/** A certificate of nobody, and its key: what stands for SNS in tests. */
export const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIDEDCCAfigAwIBAgIBATANBgkqhkiG9w0BAQsFADAgMR4wHAYDVQQDDBVzbnMu
YW1hem9uYXdzLmV4YW1wbGUwIBcNMjYxMTI3MjI1OTMzWhgPMjEyNjExMDMyMjU5
MzNaMCAxHjAcBgNVBAMMFXNucy5hbWF6b25hd3MuZXhhbXBsZTCCASIwDQYJKoZI
hvcNAQEBBQADggEPADCCAQoCggEBAKrodk8meA1Cz8+5kx/Z0V/KlAf4npTDPulp
Fi/G7+j0PBeGWz+uDj8XTUSm2KW+Ejt8HPvuel1woFXI75QQI5wB+bPYwvG8fqwU
k0yrJ02IzmLAd03lLZyFE5pLixEihv2BI4W9ZbN9BaS5Lplw0qNbsE3zVOs3RPMl
OLHhGl9Sgbj/6uolJQxukiDKbdoAbj1t9QoA/P40Y5cTifg6Z+eV7hB52bL1jIS5
VK8pZLBEnDa305m0goK/GiVfazBOXkcNMAdM1wxU6j6owL8c0lvqduvUSKYqgXKs
2tsmqk7W6t62e6MpfCKoYnsrpHWkZ6KeqwHkDyxR/1pvNROvs5kCAwEAAaNTMFEw
HQYDVR0OBBYEFEL3TvXeCVJqaQJgfk/QNMypVSN7MB8GA1UdIwQYMBaAFEL3TvXe
CVJqaQJgfk/QNMypVSN7MA8GA1UdEwEB/wQFMAMBAf8wDQYJKoZIhvcNAQELBQAD
ggEBAHKpOoRR0BnDx8EhAK1tjPUUu5U7IenXPSolAUtQRZaB/dfoWr5r8nlPsU9s
dJhdq0QPtr2kHb6j4FyYc/V6bxGC31QX7jGyP3FnbWec3NWexTo8hpBmk2xWvJZJ
CVZTardezic4li3hru7jawsR54zJLXYqEo5Rojz3SaG9qNYjpLFeXNiAAwacChrc
D4xdjI8pnQp4CY+7+KO5Gja1gvliNgEcQXKk8lD+KjCAkQ3NW72wHDm6xkpDFTQd
vUpqs/DpLfJlE0SgzGvJow2yyg2wSRQM5O8vYeC9EBnY9QnUNopXi1sWGrBjTz2n
HKwQPBdzNEWK2GEhO2cQatmGQMw=
-----END CERTIFICATE-----
`;
const KEY = `-----BEGIN PRIVATE KEY-----
MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQCq6HZPJngNQs/P
uZMf2dFfypQH+J6Uwz7paRYvxu/o9DwXhls/rg4/F01EptilvhI7fBz77npdcKBV
yO+UECOcAfmz2MLxvH6sFJNMqydNiM5iwHdN5S2chROaS4sRIob9gSOFvWWzfQWk
uS6ZcNKjW7BN81TrN0TzJTix4RpfUoG4/+rqJSUMbpIgym3aAG49bfUKAPz+NGOX
E4n4Omfnle4Qedmy9YyEuVSvKWSwRJw2t9OZtIKCvxolX2swTl5HDTAHTNcMVOo+
qMC/HNJb6nbr1EimKoFyrNrbJqpO1uretnujKXwiqGJ7K6R1pGeinqsB5A8sUf9a
bzUTr7OZAgMBAAECggEADvOR5hASJewtDJnKKoR+XJ2hoFDlDqlGB7APJimGiMqq
Yc8kjHLzAXH4ay5teufLOzOlwCR3b//lBvGH2VwlbAXVjSDuwlcgfc1kVYC49NTT
DrCSagNyn2QaTZVDmpbQAxLDw3TI65A0aNoKdEH6gMVfVx0X1hFaZtW1cAT8BE/+
wxKmSLkwuK8H8xXkKLSjA5EOGbZpqWzgGyQa78X58zTEnecfU22Bjc2Fp5Cj3fhy
FDgq8KSJZmif3dRBZmQqn/JKfM6dkNGjDS/VgHsw1t/BgYk509/CNHJy8ec8NvXL
C6spkEQV0czqJWKp47ILPqISYempl1r4tItg7w+HQQKBgQDj4S+v12X19H5VK+wo
sq275O7S4Szr+meqR5OrMksaSlz05zYXz+w2Sw4ISbxJW76PFMGtYLgvs94A97Pw
NIH3kMGx286wEFWIoHhbJiSMYnwfY/bsKcH3HuA0g3KIQnO3/oniA7o5KFc2OzrK
ldWomb03wlJJ14yIwib/M0SfPwKBgQC//4UJgjg2oVsibbOOzSbU/GSgIXuQ5ytQ
4rhGqr8AwuflCchJZLnQXLeG/VD43Kp8BDZ8CSSYzwbrpMsv+HQ+hWA4rGVmHdlY
JRXX4/PtiEnFQV9atdklpQkLmH/Tivzyg0LAZ9Cgir7l5VokIMNc5Ba/g2CtO80U
vbnL6ilPJwKBgQDJJ4+Lvi0P9vnJv1Lg/hDkaory9bhMuibmJfbRST0IgRobSTnz
vSO7LXe+kzA05VqKPP1WSals2m6fFgjtgbw0R8Djeq+xtUl7qIN1mm7qyUjeAMUH
5TiGJugtEtd4Noilo3gdXcL2D4kkoxYbnDYVdViVLuCqtC4mzpPT9HKfywKBgCrN
Ock+4G09V2W7cvX4whllEsGn9TX+cuebQ11tnxr6WFv07FOAQvQyVy+etThlaRQw
lDzehOwT6wUJPcq55qAxd5vqwsgbC2LdEZuJU822PkvdIPbF51y/B98v5f8w0ub1
YCIogpfnllsF4CyBqUvCBVg4X4r+898V1J+i2gatAoGAOmy2sn2tGeU8Qxlo0NLw
Kd8ZyNqLTfX2qq8aK0bLFVk64RgehYrsiZY0GlCx92+hYRWQ2E6H9dMpGiSIqMQU
5CX889UbK/PPOT1jS84Q7zGxQnnIs4vrLUDSf5OilJAt7++6/2YqsIICRL2UP7WU
z1i20cAdP8hKigNdJjg1lH4=
-----END PRIVATE KEY-----
`;

/** A notification as SNS sends it. */
export function snsMessage(fields: Record<string, string>, version: '1' | '2'): string {
  const names = ['Message', 'MessageId', 'Subject', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];
  const text = names
    .flatMap((name) => (fields[name] === undefined ? [] : [`${name}\n${fields[name]}\n`]))
    .join('');
  const Signature = sign(version === '1' ? 'sha1' : 'sha256', Buffer.from(text), KEY).toString('base64');
  return JSON.stringify({ ...fields, SignatureVersion: version, Signature });
}
