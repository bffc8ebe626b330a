/* SPDX-License-Identifier: MIT */
/* Forces and torques of joints on their children: whatever changed the child's momentum in the substep beside
 * gravity, pushes, contacts and the joints of its own children. */
#include "articulated.h"

#include <string.h>

/* (angular about the centre of mass, linear) */
static void read_momentum(const phys_world *world, const art_link *body, double *out) {
    const phys_link *link = &world->links[body->link];
    const double *r = body->r;
    double scale = world->mass_scale[body->link], w[3], turned[3];
    for (int i = 0; i < 3; i++)
        w[i] = r[i] * body->w[0] + r[4 + i] * body->w[1] + r[8 + i] * body->w[2];
    for (int i = 0; i < 3; i++)
        turned[i] = scale * v3_dot(&link->mass.I[4 * i], w);
    r_rotate(r, turned, out);
    for (int i = 0; i < 3; i++)
        out[3 + i] = scale * link->def.mass * body->v[i];
}

/* At the beginning of a substep. */
void phys_art_note_momenta(phys_world *world) {
    phys_articulated *art = world->articulated;
    for (size_t k = 0; k < art->link_count; k++)
        read_momentum(world, &art->links[k], art->links[k].momentum);
}

/* A force at a point, or a force and a torque at the centre, off what the joint has to explain. */
static void take_off(art_link *link, const double *point, const double *force, double sign) {
    double arm[3], moment[3];
    v3_sub(point, link->x, arm);
    v3_cross(arm, force, moment);
    v3_add_scaled(link->force, -sign, moment);
    v3_add_scaled(link->force + 3, -sign, force);
}

static void take_off_contact(const phys_world *world, phys_articulated *art, int32_t geom,
                             const art_contact *contact, double sign) {
    int32_t n = world->geoms[geom].def.link;
    if (n >= 0)
        take_off(&art->links[art->place_of[n]], contact->found.point, contact->force, sign);
}

/* In the middle of the substep, where its forces act. */
void phys_art_note_loads(phys_world *world) {
    phys_articulated *art = world->articulated;
    for (size_t k = 0; k < art->link_count; k++) {
        art_link *link = &art->links[k];
        double mass = world->mass_scale[link->link] * world->links[link->link].def.mass, push[3], torque[3];
        v3_copy(link->x, link->middle);
        phys_read_push(world, (size_t)link->link, push, torque);
        for (int i = 0; i < 3; i++) {
            link->force[i] = -torque[i];
            link->force[3 + i] = -push[i] - mass * world->gravity[i];
        }
    }
    for (size_t i = 0; i < art->contact_count; i++) {
        take_off_contact(world, art, art->contacts[i].found.first, &art->contacts[i], 1);
        take_off_contact(world, art, art->contacts[i].found.second, &art->contacts[i], -1);
    }
}

/* At its end. */
void phys_art_read_joint_forces(phys_world *world) {
    phys_articulated *art = world->articulated;
    for (size_t k = art->link_count; k-- > 0;) {
        art_link *link = &art->links[k];
        double now[6], arm[3], moment[3];
        read_momentum(world, link, now);
        for (int i = 0; i < 6; i++)
            link->force[i] += (now[i] - link->momentum[i]) / world->def.time_step;
        if (link->joint < 0)
            continue;
        phys_from_ode(world, link->force + 3, &world->joint_force[3 * link->joint]);
        phys_from_ode(world, link->force, &world->joint_torque[3 * link->joint]);
        if (link->parent < 0)
            continue;
        art_link *parent = &art->links[link->parent];
        v3_sub(link->middle, parent->middle, arm);
        v3_cross(arm, link->force + 3, moment);
        v3_add_scaled(parent->force, 1, moment);
        for (int i = 0; i < 6; i++)
            parent->force[i] += link->force[i];
    }
}
