/* What relief_words says of the two reference histories, word for word. Read by
 * test_relief_words.c. */
#ifndef RELIEF_WORDS_EXPECTED_H
#define RELIEF_WORDS_EXPECTED_H

#include "web/charts/relief_words.h"

static const struct {
    int history;
    enum lang lang;
    enum relief_voice voice;
    enum relief_word_kind kind;
    enum relief_tone tone;
    const char *figure;
    const char *sentence;
    const char *detail;
} expected[] = {
    {1, LANG_EN, RELIEF_TO_CLIENT, RELIEF_WORD_CARRY_OVER, RELIEF_TONE_GOOD, "1.1 points",
        "After a session your pain likely stays lower beyond that day: by about 1.1 points, on "
        "average over three days.",
        "The likely range (90%) is 0.1 to 2.1 points."},
    {1, LANG_EN, RELIEF_TO_CLIENT, RELIEF_WORD_HALF_LIFE, RELIEF_TONE_PLAIN, "1–9 days",
        "Half of this relief is gone after roughly 1 to 9 days.",
        "Check-ins on the days after a session will narrow this down."},
    {1, LANG_EN, RELIEF_TO_CLIENT, RELIEF_WORD_INTERVAL, RELIEF_TONE_PLAIN, "2–6 days",
        "To keep at least 0.5 points of relief until the next session, it would be due after 2 to "
        "6 days.",
        "With the shorter time that much is kept with a probability of 80%, with the longer one of "
        "50%. It comes from your ratings alone: decide together with your therapist."},
    {1, LANG_EN, RELIEF_TO_CLIENT, RELIEF_WORD_LEVEL, RELIEF_TONE_WAITING, "not enough data yet",
        "Not enough data yet to say whether the level of pain has changed.",
        "Still missing: 3 more weeks of ratings."},
    {1, LANG_EN, RELIEF_TO_CLIENT, RELIEF_WORD_RESPONDER, RELIEF_TONE_PLAIN, "60%",
        "The chance that your typical pain is now at least 30% lower than at the start, which "
        "people usually call an important change, is 60%.",
        "By at least 15%: 91%. By at least half: 7%. By at least 2 points: 48%. What caused it "
        "cannot be told from this."},
    {1, LANG_EN, RELIEF_TO_CLIENT, RELIEF_WORD_DROP, RELIEF_TONE_PLAIN, "2.5 points lower",
        "Right after a session your pain is lower than just before it, by about 2.5 points.",
        "The likely range (90%) is 1.8 to 3.3 points. This describes the session itself, not what "
        "lasts; about half of such a drop is seen after simple touch as well."},
    {1, LANG_EN, RELIEF_TO_CLIENT, RELIEF_WORD_NAP, RELIEF_TONE_PLAIN, "87%",
        "Set beside each of your check-ins from before the first session, those of the last three "
        "weeks were lower in 87% of all pairs (equal ones count half); 50% would be no difference.",
        "The likely range (90%) is 62% to 96%. 5 check-ins before, 11 recent. This describes the "
        "two times; it says nothing about the cause."},
    {1, LANG_EN, RELIEF_TO_THERAPIST, RELIEF_WORD_CARRY_OVER, RELIEF_TONE_GOOD, "1.1 points",
        "Relief likely lasts beyond the day of a session: over the three days after one, pain is "
        "lower by about 1.1 points (90% range 0.1 to 2.1).",
        "Probability of at least 0.3 points: 91%; of at least 0.5 points: 83%."},
    {1, LANG_EN, RELIEF_TO_THERAPIST, RELIEF_WORD_HALF_LIFE, RELIEF_TONE_PLAIN, "1.0–9.5 days",
        "Half of the relief is gone after roughly 1.0 to 9.5 days (90% range).",
        "Check-ins on the days after a session will narrow this down."},
    {1, LANG_EN, RELIEF_TO_THERAPIST, RELIEF_WORD_INTERVAL, RELIEF_TONE_PLAIN, "2–6 days",
        "To keep at least 0.5 points of relief until the next session: 2 to 6 days between "
        "sessions.",
        "With the shorter time that much is kept with a probability of 80%, with the longer one of "
        "50%."},
    {1, LANG_EN, RELIEF_TO_THERAPIST, RELIEF_WORD_LEVEL, RELIEF_TONE_WAITING, "not enough data yet",
        "Not enough data yet to say whether the level of pain has changed.",
        "Still missing: 3 more weeks of ratings."},
    {1, LANG_EN, RELIEF_TO_THERAPIST, RELIEF_WORD_RESPONDER, RELIEF_TONE_PLAIN, "60%",
        "Typical pain is lower than at the start by at least 30%, usually called important, with a "
        "probability of 60%.",
        "By at least 15%: 91%. By at least half: 7%. By at least 2 points: 48%. What caused it "
        "cannot be told from this."},
    {1, LANG_EN, RELIEF_TO_THERAPIST, RELIEF_WORD_DROP, RELIEF_TONE_PLAIN, "2.5 points lower",
        "Right after a session pain is lower than just before it, by about 2.5 points (90% range "
        "1.8 to 3.3).",
        "This describes the session itself, not what lasts; about half of such a drop is seen "
        "after simple touch as well."},
    {1, LANG_EN, RELIEF_TO_THERAPIST, RELIEF_WORD_NAP, RELIEF_TONE_PLAIN, "87%",
        "Non-overlap of all pairs: check-ins of the last three weeks were lower than those before "
        "the first session in 87% of pairs (equal ones count half); 50% would be no difference.",
        "The likely range (90%) is 62% to 96%. 5 check-ins before, 11 recent. This describes the "
        "two times; it says nothing about the cause."},
    {1, LANG_ES, RELIEF_TO_CLIENT, RELIEF_WORD_CARRY_OVER, RELIEF_TONE_GOOD, "1,1 puntos",
        "Después de una sesión, es probable que su dolor siga más bajo pasado ese día: unos 1,1 "
        "puntos menos, de media en tres días.",
        "El margen probable (90 %) va de 0,1 a 2,1 puntos."},
    {1, LANG_ES, RELIEF_TO_CLIENT, RELIEF_WORD_HALF_LIFE, RELIEF_TONE_PLAIN, "1–9 días",
        "La mitad de este alivio se ha ido después de aproximadamente 1 a 9 días.",
        "Los registros de los días después de una sesión lo irán precisando."},
    {1, LANG_ES, RELIEF_TO_CLIENT, RELIEF_WORD_INTERVAL, RELIEF_TONE_PLAIN, "2–6 días",
        "Para conservar al menos 0,5 puntos de alivio hasta la próxima sesión, tocaría al cabo de "
        "2 a 6 días.",
        "Con el tiempo más corto se conserva esa cantidad con una probabilidad del 80 %; con el "
        "más largo, del 50 %. Sale solo de sus valoraciones: decídalo junto con su terapeuta."},
    {1, LANG_ES, RELIEF_TO_CLIENT, RELIEF_WORD_LEVEL, RELIEF_TONE_WAITING, "aún faltan datos",
        "Aún faltan datos para decir si el nivel de dolor ha cambiado.",
        "Todavía faltan: 3 semanas más de valoraciones."},
    {1, LANG_ES, RELIEF_TO_CLIENT, RELIEF_WORD_RESPONDER, RELIEF_TONE_PLAIN, "60 %",
        "La probabilidad de que su dolor habitual sea ahora al menos un 30 % más bajo que al "
        "comienzo, lo que la gente suele llamar un cambio importante, es: 60 %.",
        "Al menos un 15 %: 91 %. Al menos la mitad: 7 %. Al menos 2 puntos: 48 %. De aquí no se "
        "puede saber la causa."},
    {1, LANG_ES, RELIEF_TO_CLIENT, RELIEF_WORD_DROP, RELIEF_TONE_PLAIN, "2,5 puntos menos",
        "Justo después de una sesión, su dolor es más bajo que justo antes, unos 2,5 puntos menos.",
        "El margen probable (90 %) va de 1,8 a 3,3 puntos. Esto describe la sesión misma, no lo "
        "que dura; cerca de la mitad de una bajada así se ve también después de un simple contacto "
        "con las manos."},
    {1, LANG_ES, RELIEF_TO_CLIENT, RELIEF_WORD_NAP, RELIEF_TONE_PLAIN, "87 %",
        "Comparados con cada uno de sus registros de antes de la primera sesión, los de las tres "
        "últimas semanas fueron más bajos en esta parte de todos los pares (los iguales cuentan la "
        "mitad): 87 %; un 50 % significaría que no hay diferencia.",
        "El margen probable (90 %) va de 62 % a 96 %. 5 registros de antes, 11 recientes. Esto "
        "describe las dos épocas; no dice nada de la causa."},
    {1, LANG_ES, RELIEF_TO_THERAPIST, RELIEF_WORD_CARRY_OVER, RELIEF_TONE_GOOD, "1,1 puntos",
        "Es probable que el alivio dure más allá del día de una sesión: en los tres días "
        "siguientes, el dolor es unos 1,1 puntos más bajo (margen del 90 %: de 0,1 a 2,1).",
        "Probabilidad de al menos 0,3 puntos: 91 %; de al menos 0,5 puntos: 83 %."},
    {1, LANG_ES, RELIEF_TO_THERAPIST, RELIEF_WORD_HALF_LIFE, RELIEF_TONE_PLAIN, "1,0–9,5 días",
        "La mitad del alivio se ha ido después de aproximadamente 1,0 a 9,5 días (margen del "
        "90 %).",
        "Los registros de los días después de una sesión lo irán precisando."},
    {1, LANG_ES, RELIEF_TO_THERAPIST, RELIEF_WORD_INTERVAL, RELIEF_TONE_PLAIN, "2–6 días",
        "Para conservar al menos 0,5 puntos de alivio hasta la próxima sesión: de 2 a 6 días entre "
        "sesiones.",
        "Con el tiempo más corto se conserva esa cantidad con una probabilidad del 80 %; con el "
        "más largo, del 50 %."},
    {1, LANG_ES, RELIEF_TO_THERAPIST, RELIEF_WORD_LEVEL, RELIEF_TONE_WAITING, "aún faltan datos",
        "Aún faltan datos para decir si el nivel de dolor ha cambiado.",
        "Todavía faltan: 3 semanas más de valoraciones."},
    {1, LANG_ES, RELIEF_TO_THERAPIST, RELIEF_WORD_RESPONDER, RELIEF_TONE_PLAIN, "60 %",
        "El dolor habitual es al menos un 30 % más bajo que al comienzo, lo que suele llamarse "
        "importante, con esta probabilidad: 60 %.",
        "Al menos un 15 %: 91 %. Al menos la mitad: 7 %. Al menos 2 puntos: 48 %. De aquí no se "
        "puede saber la causa."},
    {1, LANG_ES, RELIEF_TO_THERAPIST, RELIEF_WORD_DROP, RELIEF_TONE_PLAIN, "2,5 puntos menos",
        "Justo después de una sesión, el dolor es más bajo que justo antes, unos 2,5 puntos menos "
        "(margen del 90 %: de 1,8 a 3,3).",
        "Esto describe la sesión misma, no lo que dura; cerca de la mitad de una bajada así se ve "
        "también después de un simple contacto con las manos."},
    {1, LANG_ES, RELIEF_TO_THERAPIST, RELIEF_WORD_NAP, RELIEF_TONE_PLAIN, "87 %",
        "No solapamiento de todos los pares: los registros de las tres últimas semanas fueron más "
        "bajos que los de antes de la primera sesión en esta parte de los pares (los iguales "
        "cuentan la mitad): 87 %; un 50 % significaría que no hay diferencia.",
        "El margen probable (90 %) va de 62 % a 96 %. 5 registros de antes, 11 recientes. Esto "
        "describe las dos épocas; no dice nada de la causa."},
    {2, LANG_EN, RELIEF_TO_CLIENT, RELIEF_WORD_CARRY_OVER, RELIEF_TONE_PLAIN, "little",
        "Probably little of your relief lasts beyond the day of a session.",
        "Our estimate of the relief over three days is −0.2 points. The likely range (90%) is −0.9 "
        "to 0.6 points."},
    {2, LANG_EN, RELIEF_TO_CLIENT, RELIEF_WORD_LEVEL, RELIEF_TONE_WAITING, "not enough data yet",
        "Not enough data yet to say whether the level of pain has changed.",
        "Still missing: 3 more weeks of ratings."},
    {2, LANG_EN, RELIEF_TO_CLIENT, RELIEF_WORD_RESPONDER, RELIEF_TONE_PLAIN, "less than 1%",
        "The chance that your typical pain is now at least 30% lower than at the start, which "
        "people usually call an important change, is less than 1%.",
        "By at least 15%: 5%. By at least half: less than 1%. By at least 2 points: less than 1%. "
        "What caused it cannot be told from this."},
    {2, LANG_EN, RELIEF_TO_CLIENT, RELIEF_WORD_DROP, RELIEF_TONE_PLAIN, "not clear yet",
        "Right after a session your pain is 0.7 points lower on average than just before it, which "
        "is not yet distinguishable from no change.",
        "The likely range (90%) is −0.1 to 1.6 points. This describes the session itself, not what "
        "lasts; about half of such a drop is seen after simple touch as well."},
    {2, LANG_EN, RELIEF_TO_CLIENT, RELIEF_WORD_NAP, RELIEF_TONE_PLAIN, "54%",
        "Set beside each of your check-ins from before the first session, those of the last three "
        "weeks were lower in 54% of all pairs (equal ones count half); 50% would be no difference.",
        "The likely range (90%) is 32% to 75%. 6 check-ins before, 12 recent. This describes the "
        "two times; it says nothing about the cause."},
    {2, LANG_EN, RELIEF_TO_THERAPIST, RELIEF_WORD_CARRY_OVER, RELIEF_TONE_PLAIN, "little",
        "Probably little relief lasts beyond the day of a session: over the three days after one, "
        "about −0.2 points (90% range −0.9 to 0.6).",
        "Probability of at least 0.3 points: 13%; of at least 0.5 points: 6%."},
    {2, LANG_EN, RELIEF_TO_THERAPIST, RELIEF_WORD_LEVEL, RELIEF_TONE_WAITING, "not enough data yet",
        "Not enough data yet to say whether the level of pain has changed.",
        "Still missing: 3 more weeks of ratings."},
    {2, LANG_EN, RELIEF_TO_THERAPIST, RELIEF_WORD_RESPONDER, RELIEF_TONE_PLAIN, "less than 1%",
        "Typical pain is lower than at the start by at least 30%, usually called important, with a "
        "probability of less than 1%.",
        "By at least 15%: 5%. By at least half: less than 1%. By at least 2 points: less than 1%. "
        "What caused it cannot be told from this."},
    {2, LANG_EN, RELIEF_TO_THERAPIST, RELIEF_WORD_DROP, RELIEF_TONE_PLAIN, "not clear yet",
        "Right after a session pain is 0.7 points lower on average than just before it (90% range "
        "−0.1 to 1.6), which is not yet distinguishable from no change.",
        "This describes the session itself, not what lasts; about half of such a drop is seen "
        "after simple touch as well."},
    {2, LANG_EN, RELIEF_TO_THERAPIST, RELIEF_WORD_NAP, RELIEF_TONE_PLAIN, "54%",
        "Non-overlap of all pairs: check-ins of the last three weeks were lower than those before "
        "the first session in 54% of pairs (equal ones count half); 50% would be no difference.",
        "The likely range (90%) is 32% to 75%. 6 check-ins before, 12 recent. This describes the "
        "two times; it says nothing about the cause."},
    {2, LANG_ES, RELIEF_TO_CLIENT, RELIEF_WORD_CARRY_OVER, RELIEF_TONE_PLAIN, "poco",
        "Probablemente, poco de su alivio dura más allá del día de una sesión.",
        "Nuestra estimación del alivio en tres días es de −0,2 puntos. El margen probable (90 %) "
        "va de −0,9 a 0,6 puntos."},
    {2, LANG_ES, RELIEF_TO_CLIENT, RELIEF_WORD_LEVEL, RELIEF_TONE_WAITING, "aún faltan datos",
        "Aún faltan datos para decir si el nivel de dolor ha cambiado.",
        "Todavía faltan: 3 semanas más de valoraciones."},
    {2, LANG_ES, RELIEF_TO_CLIENT, RELIEF_WORD_RESPONDER, RELIEF_TONE_PLAIN, "menos del 1 %",
        "La probabilidad de que su dolor habitual sea ahora al menos un 30 % más bajo que al "
        "comienzo, lo que la gente suele llamar un cambio importante, es: menos del 1 %.",
        "Al menos un 15 %: 5 %. Al menos la mitad: menos del 1 %. Al menos 2 puntos: menos del "
        "1 %. De aquí no se puede saber la causa."},
    {2, LANG_ES, RELIEF_TO_CLIENT, RELIEF_WORD_DROP, RELIEF_TONE_PLAIN, "aún no está claro",
        "Justo después de una sesión, su dolor es de media 0,7 puntos más bajo que justo antes, lo "
        "que aún no se distingue de ningún cambio.",
        "El margen probable (90 %) va de −0,1 a 1,6 puntos. Esto describe la sesión misma, no lo "
        "que dura; cerca de la mitad de una bajada así se ve también después de un simple contacto "
        "con las manos."},
    {2, LANG_ES, RELIEF_TO_CLIENT, RELIEF_WORD_NAP, RELIEF_TONE_PLAIN, "54 %",
        "Comparados con cada uno de sus registros de antes de la primera sesión, los de las tres "
        "últimas semanas fueron más bajos en esta parte de todos los pares (los iguales cuentan la "
        "mitad): 54 %; un 50 % significaría que no hay diferencia.",
        "El margen probable (90 %) va de 32 % a 75 %. 6 registros de antes, 12 recientes. Esto "
        "describe las dos épocas; no dice nada de la causa."},
    {2, LANG_ES, RELIEF_TO_THERAPIST, RELIEF_WORD_CARRY_OVER, RELIEF_TONE_PLAIN, "poco",
        "Probablemente, poco alivio dura más allá del día de una sesión: en los tres días "
        "siguientes, unos −0,2 puntos (margen del 90 %: de −0,9 a 0,6).",
        "Probabilidad de al menos 0,3 puntos: 13 %; de al menos 0,5 puntos: 6 %."},
    {2, LANG_ES, RELIEF_TO_THERAPIST, RELIEF_WORD_LEVEL, RELIEF_TONE_WAITING, "aún faltan datos",
        "Aún faltan datos para decir si el nivel de dolor ha cambiado.",
        "Todavía faltan: 3 semanas más de valoraciones."},
    {2, LANG_ES, RELIEF_TO_THERAPIST, RELIEF_WORD_RESPONDER, RELIEF_TONE_PLAIN, "menos del 1 %",
        "El dolor habitual es al menos un 30 % más bajo que al comienzo, lo que suele llamarse "
        "importante, con esta probabilidad: menos del 1 %.",
        "Al menos un 15 %: 5 %. Al menos la mitad: menos del 1 %. Al menos 2 puntos: menos del "
        "1 %. De aquí no se puede saber la causa."},
    {2, LANG_ES, RELIEF_TO_THERAPIST, RELIEF_WORD_DROP, RELIEF_TONE_PLAIN, "aún no está claro",
        "Justo después de una sesión, el dolor es de media 0,7 puntos más bajo que justo antes "
        "(margen del 90 %: de −0,1 a 1,6), lo que aún no se distingue de ningún cambio.",
        "Esto describe la sesión misma, no lo que dura; cerca de la mitad de una bajada así se ve "
        "también después de un simple contacto con las manos."},
    {2, LANG_ES, RELIEF_TO_THERAPIST, RELIEF_WORD_NAP, RELIEF_TONE_PLAIN, "54 %",
        "No solapamiento de todos los pares: los registros de las tres últimas semanas fueron más "
        "bajos que los de antes de la primera sesión en esta parte de los pares (los iguales "
        "cuentan la mitad): 54 %; un 50 % significaría que no hay diferencia.",
        "El margen probable (90 %) va de 32 % a 75 %. 6 registros de antes, 12 recientes. Esto "
        "describe las dos épocas; no dice nada de la causa."},
};

#endif
