/* SPDX-License-Identifier: MIT */
/* The convex law of contacts and stops, against its closed forms, and in random steps of legged robots; and
 * the margin of contacts. */
#include "articulated.h"
#include "check.h"
#include "laws.h"
#include "legged.h"

static const double steps[] = {0.001, 0.005, 0.01};

/* A relative error within a bound. */
static void expect_near(const char *what, double step, double value, double expected, double bound) {
    double error = fabs(value / expected - 1);
    if (error <= bound)
        return;
    check_failures++;
    printf("%s at %g s: %g, not %g\n", what, step, value, expected);
}

/* A ball of 1 kg that slides up and down on a sledge of `sledge` kg, which slides along x. */
static phys_world *build_sledge(double step, double sledge, double friction, double damping) {
    robot r;
    make_robot(&r, PHYS_SOLVER_ARTICULATED, step, 2, 2);
    r.links[0].mass = sledge;
    r.joints[0].kind = r.joints[1].kind = PHYS_JOINT_SLIDER;
    r.joints[0].axis[0] = 1, r.joints[0].axis[2] = 0;
    r.joints[0].drive = PHYS_DRIVE_TORQUE;
    r.joints[0].damping = damping;
    r.world.geom_count = 2, r.world.pair_count = 1;
    r.pairs[0] = (phys_pair_def){1, 0, friction, 0};
    r.geoms[1].shape = PHYS_SHAPE_SPHERE;
    r.geoms[1].link = 1;
    r.geoms[1].size[0] = 0.5;
    r.geoms[0].position[2] = -0.5;
    r.world.contact_law = PHYS_LAW_CONVEX;
    r.world.contact_time_constant = 0.03;
    r.world.contact_damping_ratio = 0.8;
    r.world.contact_impedance = 0.9;
    return build(&r);
}

/* The law's numbers for that ball: `gives` is a row's own mobility times (1 - d) / d. */
typedef struct {
    double stiffness, damping, gives;
} numbers;

static numbers numbers_of(double sledge, double mu) {
    double t = 0.03, zeta = 0.8, d = 0.9, mean = (1 + 1 / (1 + sledge)) / 3;
    return (numbers){1 / (d * t * t * zeta * zeta), 2 / (d * t),
                     2 * mu * mu * (1 + mu * mu) * mean * (1 - d) / d};
}

/* At rest four rows bear the load alike. With a pull along x two of them bear more: it creeps. */
static void test_rest(double step) {
    double mu = 0.7, sledge = 0.5, pull[2] = {2, 0}, force[6];
    phys_world *world = build_sledge(step, sledge, mu, 0);
    numbers n = numbers_of(sledge, mu);
    step_for(world, step, 1, (double[2]){0, 0});
    expect_near("depth", step, -read_one(world, PHYS_JOINT_POSITIONS, 1),
                n.gives * GRAVITY / (4 * n.stiffness), 1e-6);
    step_for(world, step, 1, pull);
    expect_near("creep", step, read_one(world, PHYS_JOINT_VELOCITIES, 0),
                pull[0] * n.gives / (2 * n.damping * mu * mu), 1e-6);
    read_all(world, PHYS_LINK_CONTACT_FORCES, force);
    expect_near("friction", step, force[3], -pull[0], 1e-6);
    expect_near("load", step, force[5], GRAVITY, 1e-6);
    phys_world_destroy(world);
}

/* A planar robot has one tangent, and its rows give way as the four would. */
static void test_flat(double step) {
    double mu = 0.7;
    robot r;
    make_body(&r, PHYS_SOLVER_ARTICULATED, step, PHYS_SHAPE_SPHERE, 0.5, mu);
    r.world.base = PHYS_BASE_PLANAR;
    r.world.contact_law = PHYS_LAW_CONVEX;
    r.world.contact_time_constant = 0.03;
    r.world.contact_damping_ratio = 0.8;
    r.world.contact_impedance = 0.9;
    phys_world *world = build(&r);
    numbers n = numbers_of(0, mu); /* moved alike along x and z */
    phys_base_state base = base_at(0, 0, 0.5);
    phys_world_place(world, &base, 0, 0, 0);
    step_for(world, step, 1, 0);
    expect_near("depth of a planar robot", step, 0.5 - read_one(world, PHYS_LINK_POSITIONS, 2),
                n.gives * GRAVITY / (4 * n.stiffness), 1e-6);
    phys_world_destroy(world);
}

/* What slides at u is lifted: the row ahead bears b mu u / gives more than depth asks for, and the one behind
 * nothing. At half of the slip that would lift it off, depth is two thirds of what it is at rest, and
 * friction two thirds of mu n. */
static void test_slide(double step) {
    double mu = 0.7, sledge = 1e6;
    phys_world *world = build_sledge(step, sledge, mu, 0);
    numbers n = numbers_of(sledge, mu);
    double start[2] = {0, 0}, speed[2] = {n.gives * GRAVITY / (2 * n.damping * mu), 0}, force[6];
    phys_world_place(world, NULL, start, speed, 2);
    step_for(world, step, 1, (double[2]){0, 0});
    expect_near("depth of what slides", step, -read_one(world, PHYS_JOINT_POSITIONS, 1),
                n.gives * GRAVITY / (6 * n.stiffness), 1e-3);
    read_all(world, PHYS_LINK_CONTACT_FORCES, force);
    expect_near("friction of what slides", step, force[3], -2.0 / 3 * mu * GRAVITY, 1e-3);
    phys_world_destroy(world);
}

/* A joint beyond its stop comes back by r (1 + t / T) exp(-t / T), and at T, when the stop would have to
 * pull, flies on at x0 / (e T). Driven against the stop it rests beyond it. */
static void test_stop(double step) {
    double t = 0.08, d = 0.9, start = 0.1, torque = 3, inertia = 0.05;
    robot r;
    make_wheel(&r, PHYS_SOLVER_ARTICULATED, step, inertia);
    r.joints[0].upper = 0;
    r.joints[0].drive = PHYS_DRIVE_TORQUE;
    r.world.stop_law = PHYS_LAW_CONVEX;
    r.world.stop_time_constant = t;
    r.world.stop_impedance = d;
    phys_world *world = build(&r);
    phys_world_place(world, 0, &start, 0, 1);
    step_for(world, step, t, &(double){0});
    expect_near("way back", step, read_one(world, PHYS_JOINT_POSITIONS, 0), 2 * start / exp(1), 0.01);
    step_for(world, step, 1, &(double){0});
    expect_near("let go", step, -read_one(world, PHYS_JOINT_VELOCITIES, 0), start / (exp(1) * t), 0.01);
    phys_world_place(world, 0, 0, 0, 1);
    step_for(world, step, 2, &torque);
    expect_near("load on a stop", step, read_one(world, PHYS_JOINT_POSITIONS, 0),
                (1 - d) * torque / inertia * t * t, 1e-6);
    phys_world_destroy(world);
}

/* With a margin a ball rests as much higher; by both solvers, and by the law that leads back what is deep. */
static void test_margin(double step) {
    for (int solver = PHYS_SOLVER_ODE; solver <= PHYS_SOLVER_ARTICULATED; solver++) {
        robot r;
        size_t pair;
        double depth;
        make_body(&r, (phys_solver)solver, step, PHYS_SHAPE_SPHERE, 0.1, 0.5);
        r.world.contact_margin = 0.02;
        phys_world *world = build(&r);
        phys_base_state base = base_at(0, 0, 0.2);
        phys_world_place(world, &base, 0, 0, 0);
        step_for(world, step, 2, 0);
        CHECK(fabs(read_one(world, PHYS_LINK_POSITIONS, 2) - 0.12) < 1e-6);
        CHECK(phys_world_deepest_overlap(world, &pair, &depth) == PHYS_OK && pair == 1);
        phys_world_destroy(world);
    }
}

/* Every problem is solved, no row pulls, and friction is within its pyramid, and so within Coulomb's cone. */
static void run(const legged *robot) {
    enum { STEPS = 20000, EPISODE = 400, HOLD = 4 };
    phys_world *world = build_legged(robot);
    const phys_articulated *art = world->articulated;
    double commands[LEGGED_PARTS], largest = 0;
    long loaded = 0, pulling = 0;
    for (long i = 0; i < STEPS; i++) {
        if (i % EPISODE == 0)
            place_legged(robot, world);
        if (i % HOLD == 0)
            act_legged(robot, commands);
        CHECK(phys_world_step(world, commands, robot->world.joint_count, 1) == PHYS_OK);
        for (size_t k = 0; k < art->contact_count; k++) {
            const art_contact *contact = &art->contacts[k];
            for (int32_t row = 0; row < contact->row_count; row++)
                pulling += art->problem.impulse[contact->row + row] < 0;
            double normal = contact->row_count > 0 ? v3_dot(contact->force, contact->found.normal) : 0,
                   friction[3];
            if (!(normal > 1e-9))
                continue;
            loaded++;
            v3_copy(contact->force, friction);
            v3_add_scaled(friction, -normal, contact->found.normal);
            largest = fmax(largest, length_of(friction) / (contact->found.friction * normal));
        }
    }
    printf("%-10s loaded %ld, largest share of mu n %.9f, unsolved %llu\n", robot->name, loaded, largest,
           (unsigned long long)art->fallback_count);
    CHECK(loaded > STEPS / 4 && pulling == 0 && largest < 1 + 1e-9 && art->fallback_count == 0);
    phys_world_destroy(world);
}

int main(void) {
    for (int i = 0; i < 3; i++) {
        test_rest(steps[i]);
        test_flat(steps[i]);
        test_slide(steps[i]);
        test_stop(steps[i]);
        test_margin(steps[i]);
    }
    void (*const make[])(legged *, phys_solver) = {make_walker, make_ant, make_quadruped};
    for (int i = 0; i < 3; i++) {
        legged robot;
        make[i](&robot, PHYS_SOLVER_ARTICULATED);
        robot.world.contact_law = robot.world.stop_law = PHYS_LAW_CONVEX;
        robot.world.contact_impedance = robot.world.stop_impedance = 0.95;
        run(&robot);
    }
    printf("%d failures\n", check_failures);
    return check_failures != 0;
}
