/* SPDX-License-Identifier: MIT */
/* Legged robots of the kinds that people train, for tests that need many contacts. */
#ifndef LEGGED_H
#define LEGGED_H

#include "CPhysics.h"

enum { LEGGED_PARTS = 32 };

typedef struct {
    const char *name;
    phys_world_def world;
    phys_link_def links[LEGGED_PARTS];
    phys_joint_def joints[LEGGED_PARTS];
    phys_geom_def geoms[LEGGED_PARTS];
    phys_pair_def pairs[LEGGED_PARTS];
    double height;               /* of the base at the start */
    double start[LEGGED_PARTS];  /* joint positions */
    double effort[LEGGED_PARTS]; /* of torque drives; 0: commands are positions */
} legged;

void make_walker(legged *robot, phys_solver solver);
void make_cheetah(legged *robot, phys_solver solver);
void make_ant(legged *robot, phys_solver solver);
void make_quadruped(legged *robot, phys_solver solver);

phys_world *build_legged(const legged *robot);
/* Near its start, a little differently each time. */
void place_legged(const legged *robot, phys_world *world);
/* A command for each joint. */
void act_legged(const legged *robot, double *commands);
/* A number between -1 and 1 from one stream. */
double random_number(void);

#endif
