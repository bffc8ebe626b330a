/* SPDX-License-Identifier: MIT */
/* Contacts of the articulated solver obey Coulomb's law, one by one, in a hundred thousand steps of legged
 * robots with random actions. The velocities of the contact points do not come from the solver's own
 * equations but from a second world that is placed where the contacts were looked at, with the velocities
 * that came out. */
#include "articulated.h"
#include "check.h"
#include "legged.h"

#include <string.h>

enum { ROBOTS = 4, STEPS_EACH = 25000, EPISODE = 400, HOLD = 4 };

typedef struct {
    long loaded, sliding, above_bound, pulling, apart, astray, weak;
    double largest;
} tally;

static void count_contact(const phys_world *world, const phys_world *twin, const art_contact *contact,
                          tally *t) {
    const phys_contact_point *found = &contact->found;
    double velocity[3], other[3], friction[3], h = world->def.time_step;
    phys_point_velocity(twin, &twin->geoms[found->first], found->point, velocity);
    phys_point_velocity(twin, &twin->geoms[found->second], found->point, other);
    v3_add_scaled(velocity, -1, other);
    double normal = v3_dot(contact->force, found->normal), speed = v3_dot(velocity, found->normal);
    v3_copy(contact->force, friction);
    v3_add_scaled(friction, -normal, found->normal);
    v3_add_scaled(velocity, -speed, found->normal);
    double force = sqrt(v3_dot(friction, friction)), slip = sqrt(v3_dot(velocity, velocity));
    t->pulling += normal < 0;
    if (!(normal > 1e-9))
        return;
    t->loaded++;
    t->largest = fmax(t->largest, force / (found->friction * normal));
    t->above_bound += force > 1.001 * found->friction * normal;
    /* It touches at the end, or is on its way out of an overlap no faster than it may. */
    double fastest = found->gap > 0 ? -found->gap / h : sqrt(9.81 * -found->gap);
    t->apart += speed > fastest + 1e-6;
    if (slip < 1e-3)
        return;
    t->sliding++;
    t->astray += -v3_dot(friction, velocity) < cos(2 * 3.14159265 / 180) * force * slip;
    t->weak += force < 0.99 * found->friction * normal;
}

/* The twin is put into the middle of the step that `world` has done from the state in `before`. */
static void place_twin(const phys_world *world, phys_world *twin, const art_link *before,
                       const double *joints) {
    phys_articulated *art = twin->articulated;
    size_t count = world->joint_count;
    phys_art_set_root(twin, 0, before->x, before->q, before->v, before->w);
    memcpy(twin->joint_position, joints, count * sizeof *joints);
    memcpy(twin->joint_velocity, joints + count, count * sizeof *joints);
    phys_art_move(twin, 0.5 * world->def.time_step);
    memcpy(art->links[0].v, world->articulated->links[0].v, sizeof art->links[0].v);
    memcpy(art->links[0].w, world->articulated->links[0].w, sizeof art->links[0].w);
    memcpy(twin->joint_velocity, world->joint_velocity, count * sizeof *joints);
    phys_art_pose(twin);
}

static void run(const legged *robot) {
    phys_world *world = build_legged(robot), *twin = build_legged(robot);
    tally t = {0, 0, 0, 0, 0, 0, 0, 0};
    double commands[LEGGED_PARTS], joints[2 * LEGGED_PARTS];
    size_t count = robot->world.joint_count;
    for (long i = 0; i < STEPS_EACH; i++) {
        if (i % EPISODE == 0)
            place_legged(robot, world);
        if (i % HOLD == 0)
            act_legged(robot, commands);
        art_link before = world->articulated->links[0];
        memcpy(joints, world->joint_position, count * sizeof *joints);
        memcpy(joints + count, world->joint_velocity, count * sizeof *joints);
        CHECK(phys_world_step(world, commands, count, 1) == PHYS_OK);
        place_twin(world, twin, &before, joints);
        for (size_t k = 0; k < world->articulated->contact_count; k++)
            count_contact(world, twin, &world->articulated->contacts[k], &t);
    }
    printf("%-10s loaded %ld, sliding %ld, largest share of mu n %.9f, unsolved %llu\n", robot->name,
           t.loaded, t.sliding, t.largest, (unsigned long long)world->articulated->fallback_count);
    CHECK(t.loaded > STEPS_EACH / 4 && t.sliding > 1000);
    CHECK(t.above_bound == 0 && t.pulling == 0 && t.apart == 0 && t.astray == 0 && t.weak == 0);
    CHECK(world->articulated->fallback_count == 0);
    phys_world_destroy(world);
    phys_world_destroy(twin);
}

int main(void) {
    void (*const make[ROBOTS])(legged *, phys_solver) = {make_walker, make_cheetah, make_ant, make_quadruped};
    for (int i = 0; i < ROBOTS; i++) {
        legged robot;
        make[i](&robot, PHYS_SOLVER_ARTICULATED);
        run(&robot);
    }
    printf("%d failures\n", check_failures);
    return check_failures != 0;
}
