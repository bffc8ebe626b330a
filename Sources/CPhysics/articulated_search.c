/* SPDX-License-Identifier: MIT */
/* The last resort for small problems: all modes, one after the other. Where friction is strong enough to jam,
 * as under a rod that leans, solutions are few and no way from other modes need lead to one. */
#include "articulated.h"

enum { MOST_COMBINATIONS = 4096, STEPS = 6, DIRECTIONS = 6 };

static size_t count_of(const art_unit *unit) {
    if (unit->tangents > 0)
        return unit->tangents == 1 ? 4 : 2 + DIRECTIONS;
    return 1 + (size_t)(unit->low > -INFINITY) + (size_t)(unit->high < INFINITY);
}

/* Mode `n` of a unit: open, stuck, or sliding in one of some directions; free, or at a bound. */
static void set_mode(art_unit *unit, size_t n) {
    unit->slip = 0;
    unit->normal_impulse = 0;
    if (unit->tangents == 0) {
        unit->mode = n == 0 ? ART_FREE : n == 1 && unit->low > -INFINITY ? ART_LOW : ART_HIGH;
        return;
    }
    unit->mode = n == 0 ? ART_OPEN : n == 1 ? ART_STICK : ART_SLIDE;
    if (n < 2)
        return;
    double angle = (double)(n - 2) * 2 * 3.14159265358979323846 / (unit->tangents == 1 ? 2 : DIRECTIONS);
    unit->slide[0] = unit->tangents == 1 ? (n == 2 ? 1 : -1) : cos(angle);
    unit->slide[1] = unit->tangents == 1 ? 0 : sin(angle);
}

static void set_modes(art_problem *problem, size_t combination, bool is_scalars_too) {
    for (size_t i = 0; i < problem->unit_count; i++) {
        art_unit *unit = &problem->units[i];
        if (unit->tangents == 0 && !is_scalars_too) {
            unit->mode = problem->kept[i].mode;
            continue;
        }
        set_mode(unit, combination % count_of(unit));
        combination /= count_of(unit);
    }
}

static double count_all(const art_problem *problem, bool is_scalars_too) {
    double count = 1;
    for (size_t i = 0; i < problem->unit_count; i++)
        if (problem->units[i].tangents > 0 || is_scalars_too)
            count *= (double)count_of(&problem->units[i]);
    return count;
}

/* Tries all modes; of the contacts alone where they are too many, with the others as `kept` has them. False
 * where that is too much still, or none obeys all laws. */
bool phys_art_search(art_problem *problem, double tolerance) {
    bool is_scalars_too = count_all(problem, true) <= MOST_COMBINATIONS;
    double count = count_all(problem, is_scalars_too);
    for (size_t n = 0; count <= MOST_COMBINATIONS && n < (size_t)count; n++) {
        set_modes(problem, n, is_scalars_too);
        for (int i = 0; i < STEPS && phys_art_solve_modes(problem); i++)
            if (phys_art_check_modes(problem, tolerance, ART_CHANGE_NONE))
                return true;
    }
    return false;
}
