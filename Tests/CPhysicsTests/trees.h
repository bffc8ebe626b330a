/* SPDX-License-Identifier: MIT */
/* Random robots without contacts. */
#ifndef TREES_H
#define TREES_H

#include "CPhysics.h"

enum { TREE_LINKS = 7 };

typedef struct {
    phys_world_def world;
    phys_link_def links[TREE_LINKS];
    phys_joint_def joints[TREE_LINKS];
    double positions[TREE_LINKS], velocities[TREE_LINKS], commands[TREE_LINKS];
} tree;

void make_tree(tree *t, phys_base base);
/* Lets some joints follow others, above them, below them or in other branches. */
void couple_tree(tree *t);

#endif
