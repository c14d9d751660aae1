package org.scanbridge.learning.graph;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.Tag;

/**
 * Marks tests whose outcome no instruction set decides: who moves and who stands still, what is kept and refused, whether
 * bits repeat, what is learned by a wide margin. They are left out where the tests are run again with the least and the most
 * of the processor; the tag is named in this module's pom.xml. Numbers that are compared within a tolerance are not marked.
 */
@Tag("any-processor")
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
public @interface AnyProcessor {
}
