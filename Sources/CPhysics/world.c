/* SPDX-License-Identifier: MIT */
/* A world's life: its ODE objects are made from the tables, and freed. */
#include "physics_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void phys_apply_mass_scale(phys_world *world, size_t n) {
    phys_link *link = &world->links[n];
    if (world->articulated != NULL) /* reads the scale itself */
        return;
    double scale = world->mass_scale[n] * world->unit;
    dMass mass = link->mass;
    mass.mass *= scale;
    for (int i = 0; i < 12; i++)
        mass.I[i] *= scale;
    dBodySetMass(link->body, &mass);
}

static void make_body(phys_world *world, size_t n) {
    static const double unit[4] = {1, 0, 0, 0}, zero[3] = {0, 0, 0};
    phys_link *link = &world->links[n];
    link->body = dBodyCreate(world->ode);
    dBodySetAutoDisableFlag(link->body, 0);
    /* Turn by the exponential map: exact for any speed, and never more than it was asked for. */
    dBodySetFiniteRotationMode(link->body, 1);
    link->x = dBodyGetPosition(link->body);
    link->q = dBodyGetQuaternion(link->body);
    link->r = dBodyGetRotation(link->body);
    link->v = dBodyGetLinearVel(link->body);
    link->w = dBodyGetAngularVel(link->body);
    phys_apply_mass_scale(world, n);
    phys_set_body(link, link->zero_com, unit, zero, zero);
}

/* Always (child, parent): then positions, stops and efforts are right-handed about the axis. */
static void attach(phys_world *world, dJointID ode_joint, const phys_joint_def *def) {
    dBodyID parent = def->parent >= 0 ? world->links[def->parent].body : NULL;
    dJointAttach(ode_joint, world->links[def->child].body, parent);
}

static void make_bearing(phys_world *world, phys_joint *joint) {
    const phys_joint_def *def = &joint->def;
    const double *axis = joint->axis;
    double anchor[3];
    switch (def->kind) {
    case PHYS_JOINT_HINGE:
        joint->bearing = dJointCreateHinge(world->ode, 0);
        attach(world, joint->bearing, def);
        phys_point_to_ode(world, def->anchor, anchor);
        dJointSetHingeAnchor(joint->bearing, anchor[0], anchor[1], anchor[2]);
        dJointSetHingeAxis(joint->bearing, axis[0], axis[1], axis[2]);
        break;
    case PHYS_JOINT_SLIDER:
        joint->bearing = dJointCreateSlider(world->ode, 0);
        attach(world, joint->bearing, def);
        dJointSetSliderAxis(joint->bearing, axis[0], axis[1], axis[2]);
        break;
    case PHYS_JOINT_FIXED:
        joint->bearing = dJointCreateFixed(world->ode, 0);
        attach(world, joint->bearing, def);
        dJointSetFixed(joint->bearing);
        break;
    }
    dJointSetFeedback(joint->bearing, &joint->bearing_force);
}

/* Rows beside the implicit one, which is a hinge's own motor: each joint of ODE costs time, rows or not. A
 * slider's own motor is at its stops. */
static bool needs_motor(const phys_joint_def *def) {
    bool is_servo = def->drive == PHYS_DRIVE_POSITION || def->drive == PHYS_DRIVE_VELOCITY;
    if (is_servo || def->dry_friction > 0)
        return true;
    return def->kind == PHYS_JOINT_SLIDER && (def->armature > 0 || def->damping > 0 || def->stiffness > 0);
}

/* A user-mode AMotor's (LMotor's) axes are independent rows of one direction: 0 implicit (sliders), 1 servo,
 * 2 dry friction. */
static void make_motor(phys_world *world, phys_joint *joint) {
    const double *axis = joint->axis;
    if (joint->def.kind == PHYS_JOINT_HINGE) {
        joint->motor = dJointCreateAMotor(world->ode, 0);
        attach(world, joint->motor, &joint->def);
        dJointSetAMotorMode(joint->motor, dAMotorUser);
        dJointSetAMotorNumAxes(joint->motor, 3);
        for (int i = 0; i < 3; i++)
            dJointSetAMotorAxis(joint->motor, i, 1, axis[0], axis[1], axis[2]);
    } else {
        joint->motor = dJointCreateLMotor(world->ode, 0);
        attach(world, joint->motor, &joint->def);
        dJointSetLMotorNumAxes(joint->motor, 3);
        for (int i = 0; i < 3; i++)
            dJointSetLMotorAxis(joint->motor, i, 1, axis[0], axis[1], axis[2]);
    }
    dJointSetFeedback(joint->motor, &joint->motor_force);
}

/* Row 0: lower stop, row 1: upper stop. Sliders have them on the bearing. */
static void make_stops(phys_world *world, phys_joint *joint) {
    const double *axis = joint->axis;
    if (joint->def.kind != PHYS_JOINT_HINGE)
        return;
    joint->stops = dJointCreateAMotor(world->ode, 0);
    attach(world, joint->stops, &joint->def);
    dJointSetAMotorMode(joint->stops, dAMotorUser);
    dJointSetAMotorNumAxes(joint->stops, 2);
    for (int i = 0; i < 2; i++)
        dJointSetAMotorAxis(joint->stops, i, 1, axis[0], axis[1], axis[2]);
    dJointSetFeedback(joint->stops, &joint->stop_force);
}

static void make_joint(phys_world *world, phys_joint *joint) {
    make_bearing(world, joint);
    if (joint->def.kind == PHYS_JOINT_FIXED)
        return;
    if (needs_motor(&joint->def))
        make_motor(world, joint);
    if (joint->def.lower > -INFINITY || joint->def.upper < INFINITY)
        make_stops(world, joint);
}

/* ODE's geoms are there for its collider only, which puts them where they are. */
static void make_geom(phys_geom *geom) {
    const double *size = geom->def.size, *normal = geom->normal;
    switch (geom->def.shape) {
    case PHYS_SHAPE_PLANE:
        geom->geom = dCreatePlane(NULL, normal[0], normal[1], normal[2], v3_dot(normal, geom->offset));
        return;
    case PHYS_SHAPE_BOX:
        geom->geom = dCreateBox(NULL, size[0], size[1], size[2]);
        break;
    case PHYS_SHAPE_SPHERE:
        geom->geom = dCreateSphere(NULL, size[0]);
        break;
    case PHYS_SHAPE_CAPSULE:
        geom->geom = dCreateCapsule(NULL, size[0], size[1]);
        break;
    case PHYS_SHAPE_CYLINDER:
        geom->geom = dCreateCylinder(NULL, size[0], size[1]);
        break;
    case PHYS_SHAPE_HULL:
    case PHYS_SHAPE_FIELD:
        return; /* meet others by our own code alone */
    }
}

static void make_ode_world(phys_world *world) {
    world->ode = dWorldCreate();
    world->threading = dThreadingAllocateSelfThreadedImplementation();
    dWorldSetStepThreadingImplementation(world->ode, dThreadingImplementationGetFunctions(world->threading),
                                         world->threading);
    dWorldSetAutoDisableFlag(world->ode, 0);
    dWorldSetGravity(world->ode, world->gravity[0], world->gravity[1], world->gravity[2]);
    dWorldSetERP(world->ode, BEARING_ERP);
    dWorldSetCFM(world->ode, fmax(ROW_CFM, world->least_cfm) / world->unit);
    world->contact_group = dJointGroupCreate(0);
    for (size_t i = 0; i < world->link_count; i++)
        make_body(world, i);
    for (size_t i = 0; i < world->joint_count; i++)
        make_joint(world, &world->joints[i]);
    if (world->is_planar) {
        dJointID plane = dJointCreatePlane2D(world->ode, 0);
        dJointAttach(plane, world->links[0].body, NULL);
    }
}

static void make_world(void *context) {
    phys_world *world = context;
    if (world->articulated != NULL) {
        phys_set_zero_configuration(world);
    } else {
        make_ode_world(world);
    }
    for (size_t i = 0; i < world->geom_count; i++)
        make_geom(&world->geoms[i]);
}

static void free_world(void *context) {
    phys_world *world = context;
    for (size_t i = 0; i < world->geom_count; i++)
        if (world->geoms[i].geom != NULL)
            dGeomDestroy(world->geoms[i].geom);
    if (world->contact_group != NULL)
        dJointGroupDestroy(world->contact_group);
    if (world->ode != NULL) {
        dWorldSetStepThreadingImplementation(world->ode, NULL, NULL);
        dWorldDestroy(world->ode);
    }
    if (world->threading != NULL)
        dThreadingFreeImplementation(world->threading);
}

void phys_world_destroy(phys_world *world) {
    if (world == NULL)
        return;
    if (world->geoms != NULL)
        phys_guard(free_world, world);
    for (size_t i = 0; world->geoms != NULL && i < world->def.geom_count; i++)
        free(world->geoms[i].hull);
    free(world->links);
    free(world->joints);
    free(world->geoms);
    free(world->pairs);
    free(world->order);
    free(world->state);
    free(world->attempt);
    free(world->link_wrench);
    free(world->contacts);
    free(world->points);
    phys_art_free(world);
    free(world);
}

phys_status phys_world_create(const phys_world_def *def, phys_world **out, char *error_text) {
    phys_status status = phys_world_check_def(def, error_text);
    if (status != PHYS_OK)
        return status;
    if (out == NULL)
        return PHYS_INVALID_ARGUMENT;
    if (!phys_prepare_ode())
        return PHYS_PRECISION_MISMATCH;
    phys_world *world = calloc(1, sizeof *world);
    if (world == NULL)
        return PHYS_OUT_OF_MEMORY;
    if (!phys_build_tables(world, def)) {
        world->geom_count = 0;
        phys_world_destroy(world);
        return PHYS_OUT_OF_MEMORY;
    }
    if (!phys_guard(make_world, world)) {
        phys_world_destroy(world);
        if (error_text != NULL)
            memcpy(error_text, "ODE refused the definition", 27);
        return PHYS_INVALID_DEFINITION;
    }
    if (world->articulated != NULL && !phys_art_is_solvable(world)) {
        phys_world_destroy(world);
        if (error_text != NULL)
            snprintf(error_text, PHYS_TEXT_SIZE,
                     "joints: some move the same masses in the same way, as two sliders "
                     "along one line do with nothing between them");
        return PHYS_INVALID_DEFINITION;
    }
    *out = world;
    return PHYS_OK;
}
