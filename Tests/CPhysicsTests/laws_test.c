/* SPDX-License-Identifier: MIT */
/* The laws of mechanics, as each solver keeps them at steps of 1, 5 and 10 ms.
 *
 *     cphysics_laws_test            fails where a figure is beyond its bound
 *     cphysics_laws_test --table    prints all figures
 *
 * A figure is an error: 0 where the solver is right. Its bound is what the solver reaches with a little room;
 * where that is not what one would wish for, the reason stands beside it. */
#include "check.h"
#include "laws.h"

#include <string.h>

static const double steps[] = {0.001, 0.005, 0.01};
enum { STEPS = 3 };

typedef struct {
    const char *name;
    measurement measure;
    double bound[2][STEPS]; /* by solver: ode, articulated; and by step */
    const char *reason;     /* why ode does no better, or null */
} row;

#define EACH(bound) {bound, bound, bound}
static const row rows[] = {
    {"leaning rod: forces, share",
     law_leaning_rod,
     {EACH(3.0), EACH(0.01)},
     "the bound of friction is taken from the normal force without friction"},
    {"breaking loose: force, share", law_breaking_loose, {EACH(0.01), EACH(0.01)}, NULL},
    {"sideways push: velocity, share", law_sideways_push, {EACH(0.01), EACH(0.01)}, NULL},
    {"sliding on slopes: acceleration, share", law_sliding_on_slopes, {EACH(1e-5), EACH(0.01)}, NULL},
    {"creeping on slopes: m/s", law_creeping_on_slopes, {EACH(1e-7), EACH(1e-7)}, NULL},
    {"dragged foot: forces, share", law_dragged_foot, {EACH(1e-6), EACH(1e-6)}, NULL},
    {"spinning cylinder: slowing down, share", law_spinning_cylinder, {EACH(1e-6), EACH(1e-6)}, NULL},
    {"rolling: acceleration, share", law_rolling, {EACH(1e-4), EACH(1e-4)}, NULL},
    {"hooked ball: m/s of 1.7", law_hooked_ball, {EACH(1e-4), EACH(1e-4)}, NULL},
    {"stacks 1:1000: forces, share", law_stacks, {EACH(1e-3), EACH(1e-3)}, NULL},
    {"shapes at rest: m, m/s, rad/s", law_resting_shapes, {EACH(1e-3), EACH(1e-3)}, NULL},
    {"load on soft ground: depth, share", law_load_sinks, {EACH(1e-3), EACH(1e-3)}, NULL},
    {"no bounce: speed, share", law_no_bounce, {EACH(0.01), EACH(0.01)}, NULL},
    {"restitution: speed, share", law_restitution, {EACH(0.01), EACH(0.01)}, NULL},
    {"impact: depth, share", law_impact_depth, {EACH(0.05), EACH(0.05)}, NULL},
    {"fast bodies on slabs: depth, radii", law_fast_on_slab, {EACH(0.6), EACH(0.6)}, NULL},
    {"deep starts: m", law_deep_start, {EACH(1e-3), EACH(1e-3)}, NULL},
    {"tumbling 60 s: |L|, share", law_tumbling_momentum, {EACH(1e-6), {1e-5, 1e-4, 1e-3}}, NULL},
    {"tumbling 60 s: energy, share", law_tumbling_energy, {EACH(1e-6), {1e-4, 1e-3, 1e-2}}, NULL},
    {"double pendulum 60 s: J of 19.6",
     law_double_pendulum,
     {{0.1, 2, 7}, {0.05, 0.2, 2}},
     "bodies are moved before their bearings pull them back, which is first order in the step"},
    {"servo: peak, share", law_servo_peak, {EACH(0.005), EACH(0.005)}, NULL},
    {"stiff servo: position", law_stiff_servo, {EACH(1e-6), EACH(1e-6)}, NULL},
    {"springs in a chain: energy gained, share", law_spring_chain, {EACH(0.5), EACH(0.5)}, NULL},
    {"dampers: rad/s of 1", law_stiff_damper, {EACH(1e-3), EACH(1e-3)}, NULL},
    {"velocity drive: speed, share", law_velocity_drive, {EACH(0.003), EACH(0.003)}, NULL},
    {"effort limit: speed, share", law_effort_limit, {EACH(1e-9), EACH(1e-9)}, NULL},
    {"armature: speed, share", law_armature, {EACH(1e-9), EACH(1e-9)}, NULL},
    {"dry friction: rad/s of 5", law_dry_friction, {EACH(1e-6), EACH(1e-6)}, NULL},
    {"reported joint forces: share", law_reported_forces, {EACH(1e-6), EACH(1e-6)}, NULL},
    {"latency: rad/s", law_latency, {EACH(1e-12), EACH(1e-12)}, NULL},
    {"stop, return: peak above x0/(e T), share", law_stop_peak, {EACH(0.1), EACH(0.1)}, NULL},
    {"stop, return: overshoot, share", law_stop_overshoot, {EACH(1e-6), EACH(1e-6)}, NULL},
    {"stop, driven off: speed, share", law_stop_driven, {EACH(1e-9), EACH(1e-9)}, NULL},
    {"stop, hit: depth, share", law_stop_depth, {{0.05, 0.1, 0.2}, {0.05, 0.1, 0.2}}, NULL},
    {"stop between free wheels: rad/s", law_stop_momentum, {EACH(1e-6), EACH(1e-6)}, NULL},
};

static const phys_solver solvers[] = {PHYS_SOLVER_ODE, PHYS_SOLVER_ARTICULATED};
static const char *const names[] = {"ode", "articulated"};

static void print_row(const row *law, phys_solver solver, const double *figures) {
    printf("%-42s %-11s", law->name, names[solver]);
    for (int i = 0; i < STEPS; i++)
        printf(" %9.2e", figures[i]);
    printf("%s%s\n", solver == PHYS_SOLVER_ODE && law->reason != NULL ? "  " : "",
           solver == PHYS_SOLVER_ODE && law->reason != NULL ? law->reason : "");
}

int main(int argc, char **argv) {
    bool is_table = argc > 1 && strcmp(argv[1], "--table") == 0;
    if (is_table)
        printf("%-42s %-11s %9s %9s %9s\n", "law", "solver", "1 ms", "5 ms", "10 ms");
    for (size_t n = 0; n < sizeof rows / sizeof *rows; n++)
        for (size_t k = 0; k < sizeof solvers / sizeof *solvers; k++) {
            double figures[STEPS];
            for (int i = 0; i < STEPS; i++) {
                figures[i] = fabs(rows[n].measure(solvers[k], steps[i]));
                if (figures[i] <= rows[n].bound[solvers[k]][i])
                    continue;
                check_failures++;
                printf("%s, %s at %g s: %.3e is above %.3e\n", rows[n].name, names[solvers[k]], steps[i],
                       figures[i], rows[n].bound[solvers[k]][i]);
            }
            if (is_table)
                print_row(&rows[n], solvers[k], figures);
        }
    printf("%d failures\n", check_failures);
    return check_failures != 0;
}
