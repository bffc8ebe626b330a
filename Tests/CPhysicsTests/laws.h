/* SPDX-License-Identifier: MIT */
/* What the laws share: a small robot to fill in, and the world that it becomes. */
#ifndef LAWS_H
#define LAWS_H

#include "CPhysics.h"

#include <math.h>

#define GRAVITY 9.81
#define PI 3.14159265358979323846

/* One measurement: how far a solver is off a law at a time step; 0 where it is right. */
typedef double (*measurement)(phys_solver solver, double step);

enum { ROBOT_PARTS = 4 };

typedef struct {
    phys_world_def world;
    phys_link_def links[ROBOT_PARTS];
    phys_joint_def joints[ROBOT_PARTS];
    phys_geom_def geoms[ROBOT_PARTS];
    phys_pair_def pairs[ROBOT_PARTS];
} robot;

/* laws_robots.c */
void make_robot(robot *r, phys_solver solver, double step, size_t links, size_t joints);
void make_body(robot *r, phys_solver solver, double step, phys_shape shape, double size, double friction);
void make_wheel(robot *r, phys_solver solver, double step, double inertia);
void set_solid_box(phys_link_def *link, double mass, double x, double y, double z);
void tilt_gravity(robot *r, double slope, double azimuth);
phys_base_state base_at(double x, double y, double z);
phys_world *build(const robot *r);
void step_for(phys_world *world, double step, double seconds, const double *commands);
void read_all(const phys_world *world, phys_quantity quantity, double *values);
double read_one(const phys_world *world, phys_quantity quantity, size_t index);
double length_of(const double *v);
double larger(double a, double b);

/* laws_friction.c */
double law_leaning_rod(phys_solver solver, double step);
double law_breaking_loose(phys_solver solver, double step);
double law_sideways_push(phys_solver solver, double step);
double law_sliding_on_slopes(phys_solver solver, double step);
double law_creeping_on_slopes(phys_solver solver, double step);
double law_dragged_foot(phys_solver solver, double step);
double law_spinning_cylinder(phys_solver solver, double step);

/* laws_rolling.c */
double law_rolling(phys_solver solver, double step);
double law_hooked_ball(phys_solver solver, double step);
double law_stacks(phys_solver solver, double step);
double law_resting_shapes(phys_solver solver, double step);
double law_load_sinks(phys_solver solver, double step);

/* laws_impact.c */
double law_no_bounce(phys_solver solver, double step);
double law_restitution(phys_solver solver, double step);
double law_impact_depth(phys_solver solver, double step);
double law_fast_on_slab(phys_solver solver, double step);
double law_deep_start(phys_solver solver, double step);

/* laws_motion.c */
double law_tumbling_momentum(phys_solver solver, double step);
double law_tumbling_energy(phys_solver solver, double step);
double law_double_pendulum(phys_solver solver, double step);

/* laws_drives.c */
double law_servo_peak(phys_solver solver, double step);
double law_stiff_servo(phys_solver solver, double step);
double law_spring_chain(phys_solver solver, double step);
double law_stiff_damper(phys_solver solver, double step);
double law_velocity_drive(phys_solver solver, double step);
double law_effort_limit(phys_solver solver, double step);
double law_armature(phys_solver solver, double step);
double law_dry_friction(phys_solver solver, double step);
double law_reported_forces(phys_solver solver, double step);
double law_latency(phys_solver solver, double step);

/* laws_stops.c */
double law_stop_peak(phys_solver solver, double step);
double law_stop_overshoot(phys_solver solver, double step);
double law_stop_driven(phys_solver solver, double step);
double law_stop_depth(phys_solver solver, double step);
double law_stop_momentum(phys_solver solver, double step);

#endif
